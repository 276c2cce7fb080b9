import { expect, test } from 'vitest';
import { kubectl } from './kubectl';

const OF = { tenant: 'team-risk', name: 'eu-orders' };

test('each command names the subscription and its namespace', () => {
  expect(kubectl.edit(OF)).toBe('kubectl edit dsub eu-orders -n team-risk');
  expect(kubectl.remove(OF)).toBe('kubectl delete dsub eu-orders -n team-risk');
  expect(kubectl.events(OF)).toBe('kubectl describe dsub eu-orders -n team-risk');
});

test('a change is merged into the spec', () => {
  expect(kubectl.change(OF, { state: 'Paused' })).toBe(
    `kubectl patch dsub eu-orders -n team-risk --type merge -p '{"spec":{"state":"Paused"}}'`,
  );
});

test('a request has another token each time that it is run', () => {
  expect(kubectl.ask(OF, 'rebuild')).toBe(
    `kubectl patch dsub eu-orders -n team-risk --type merge -p '{"spec":{"requests":{"rebuild":"'$(date -u +%FT%TZ)'"}}}'`,
  );
});

test('the token is printed as text', () => {
  expect(kubectl.token).toBe(
    `kubectl get secret millrace-catalog-token --namespace millrace-system --output go-template='{{.data.token | base64decode}}'`,
  );
});

test('YAML is applied as it is, whatever a shell would make of it', () => {
  expect(kubectl.apply('filter: event.a == "$HOME"\n')).toBe(
    `kubectl apply -f - <<'EOF'\nfilter: event.a == "$HOME"\nEOF`,
  );
});
