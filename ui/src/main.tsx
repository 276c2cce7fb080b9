import '@patternfly/react-core/dist/styles/base.css';
import './app.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { ProblemError } from './api/problem';
import { App } from './App';
import { beginSession } from './session/session';
import { beginTheme } from './shell/theme';

beginSession();
beginTheme();

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the platform refused once it refuses again; only silence is worth another try.
      retry: (failures, error) => !(error instanceof ProblemError) && failures < 2,
      staleTime: 1_000,
    },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <BrowserRouter>
        <App />
      </BrowserRouter>
    </QueryClientProvider>
  </StrictMode>,
);
