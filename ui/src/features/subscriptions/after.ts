import { keyOf, type Subscription } from '../../api/types';
import type { ServerEvent } from '../../live/eventParser';

/** The list once an event is known: replaced, added or gone. */
export function after(list: Subscription[], event: ServerEvent): Subscription[] {
  const told = JSON.parse(event.data) as Subscription;
  const id = identity(told);
  const others = list.filter((one) => identity(one) !== id);
  if (event.event === 'deleted') return others;
  if (event.event !== 'status') return list;
  return others.length === list.length
    ? [...list, told]
    : list.map((one) => (identity(one) === id ? told : one));
}

function identity(subscription: Subscription): string {
  const { tenant, name } = keyOf(subscription);
  return `${tenant}/${name}`;
}
