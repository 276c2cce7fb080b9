import type { ObjectKey, SubscriptionSpec } from '../api/types';

type Asked = 'rebuild' | 'rotate' | 'acceptLoss';

const at = ({ tenant, name }: ObjectKey) => `dsub ${name} -n ${tenant}`;

const patch = (of: ObjectKey, json: string) =>
  `kubectl patch ${at(of)} --type merge -p '{"spec":${json}}'`;

/** What to type in a POSIX shell to do in the cluster what is not done here. */
export const kubectl = {
  edit: (of: ObjectKey) => `kubectl edit ${at(of)}`,

  change: (of: ObjectKey, spec: SubscriptionSpec) => patch(of, JSON.stringify(spec)),

  /** A request is honoured once for each token, so the shell makes one whenever this is run. */
  ask: (of: ObjectKey, what: Asked) => patch(of, `{"requests":{"${what}":"'$(date -u +%FT%TZ)'"}}`),

  remove: (of: ObjectKey) => `kubectl delete ${at(of)}`,

  /** The token of the catalog, where the chart is installed as the docs do it. */
  token:
    "kubectl get secret millrace-catalog-token --namespace millrace-system --output go-template='{{.data.token | base64decode}}'",

  events: (of: ObjectKey) => `kubectl describe ${at(of)}`,

  /** YAML has no line without indentation that is EOF, and quoted EOF keeps the shell out of it. */
  apply: (yaml: string) => `kubectl apply -f - <<'EOF'\n${yaml}EOF`,
};
