import { expect, test } from 'vitest';
import { EventParser } from './eventParser';

const STREAM = 'event: status\ndata: {"a":1}\n\nevent: deleted\ndata: {"b":2}\n\n';
const EVENTS = [
  { event: 'status', data: '{"a":1}' },
  { event: 'deleted', data: '{"b":2}' },
];

test('events are read in their order', () => {
  expect(new EventParser().push(STREAM)).toEqual(EVENTS);
});

test.each([STREAM, STREAM.replaceAll('\n', '\r\n'), STREAM.replaceAll('\n', '\r')])(
  'any cut of the stream gives the same events: %j',
  (stream) => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const parser = new EventParser();
      const events = [...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))];
      // A lone CR at the end waits for what may follow it.
      events.push(...parser.push(':\n'));
      expect(events).toEqual(EVENTS);
    }
  },
);

test('several data lines are one text', () => {
  expect(new EventParser().push('data: a\ndata: b\n\n')).toEqual([
    { event: 'message', data: 'a\nb' },
  ]);
});

test('comments and blank lines tell nothing', () => {
  expect(new EventParser().push(': still here\n\n\n')).toEqual([]);
});

test('an event without data is none', () => {
  expect(new EventParser().push('event: status\n\n')).toEqual([]);
});

test('an unfinished event waits', () => {
  const parser = new EventParser();
  expect(parser.push('data: half')).toEqual([]);
  expect(parser.push('\n\n')).toEqual([{ event: 'message', data: 'half' }]);
});
