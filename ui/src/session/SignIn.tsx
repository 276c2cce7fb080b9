import { Alert, Button, Form, FormGroup, TextInput, Title } from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { kubectl } from '../cluster/kubectl';
import { Snippet } from '../copy/Snippet';
import { type Absence, signIn, tokenIn } from './session';

/** Shown instead of any page while there is no token that the platform takes. */
export function SignIn({ absent }: { absent: Absence }) {
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = text.trim();
    const token = given.includes('#') ? tokenIn(given.slice(given.indexOf('#'))) : given;
    if (token) signIn(token);
  };
  return (
    <main id="main" tabIndex={-1} className="mr-sign-in">
      <title>Sign in · Millrace</title>
      <img src="/icon.svg" alt="" width={48} height={48} />
      <Title headingLevel="h1">This page needs your access token</Title>
      {absent === 'Refused' && (
        <Alert isInline variant="warning" title="The platform did not accept the token">
          There is another after a start on a new data directory and, on Kubernetes, when its Secret
          was made anew. Take the present one.
        </Alert>
      )}
      <p>
        On a laptop <code>./millrace up</code> prints an address that carries the token: open that
        one. Or paste the token here; it is kept in <code>run/token</code> of the data directory.
      </p>
      <div>
        <p>
          On Kubernetes it is in the Secret <code>millrace-catalog-token</code> of the namespace
          where the chart is installed, unless the chart was told another Secret.
        </p>
        <details className="mr-commands mr-note">
          <summary>Command that prints it</summary>
          <Snippet name="kubectl" text={kubectl.token} />
        </details>
      </div>
      <Form onSubmit={submit}>
        <FormGroup label="Access token" fieldId="token">
          <TextInput
            id="token"
            type="password"
            autoComplete="off"
            value={text}
            onChange={(_, value) => setText(value)}
          />
        </FormGroup>
        <div>
          <Button type="submit" isDisabled={!text.trim()}>
            Sign in
          </Button>
        </div>
      </Form>
    </main>
  );
}
