import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { ProductList } from './features/products/ProductList';
import { ProductPage } from './features/products/ProductPage';
import { StoreList } from './features/stores/StoreList';
import { SubscriptionPage } from './features/subscription/SubscriptionPage';
import { SubscriptionList } from './features/subscriptions/SubscriptionList';
import { useSession } from './session/session';
import { SignIn } from './session/SignIn';
import { NotFound } from './shell/NotFound';
import { Shell } from './shell/Shell';
import { Waiting } from './states/Waiting';

// The editor is as large as all the rest, and only this page has it.
const RequestPage = lazy(async () => ({
  default: (await import('./features/request/RequestPage')).RequestPage,
}));

export function App() {
  const session = useSession();
  if ('absent' in session) return <SignIn absent={session.absent} />;
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route index element={<Navigate to="/products" replace />} />
        <Route path="products" element={<ProductList />} />
        <Route path="products/:tenant/:name" element={<ProductPage />} />
        <Route
          path="request/:tenant/:name"
          element={
            <Suspense fallback={<Waiting lines={12} />}>
              <RequestPage />
            </Suspense>
          }
        />
        <Route path="subscriptions" element={<SubscriptionList />} />
        <Route path="subscriptions/:tenant/:name" element={<SubscriptionPage />} />
        <Route path="stores" element={<StoreList />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
