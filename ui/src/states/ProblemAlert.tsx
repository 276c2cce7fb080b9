import { Alert, Button } from '@patternfly/react-core';
import { problemOf } from '../api/problem';
import { CodeLink } from '../conditions/CodeLink';

/** What went wrong, what to do, and the code under which the docs say more. */
export function ProblemAlert({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = problemOf(error);
  return (
    <Alert isInline variant="danger" title={problem.title} role="alert">
      {problem.detail && <p>{problem.detail}</p>}
      {problem.errors?.map((finding) => (
        <p key={finding.pointer + finding.code}>
          <code>{finding.pointer}</code> {finding.message}. {finding.remedy}
        </p>
      ))}
      {problem.remedy && <p>{problem.remedy}</p>}
      <p className="mr-problem-foot">
        {problem.type === `/docs/conditions/${problem.code}` ? (
          <CodeLink code={problem.code} />
        ) : (
          <code>{problem.code}</code>
        )}
        {retry && (
          <Button variant="link" isInline onClick={retry}>
            Try again
          </Button>
        )}
      </p>
    </Alert>
  );
}
