import { Button } from '@patternfly/react-core';
import MoonIcon from '@patternfly/react-icons/dist/esm/icons/moon-icon';
import SunIcon from '@patternfly/react-icons/dist/esm/icons/sun-icon';
import { usePrefetchQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';
import { infoQuery } from '../api/queries';
import { FaultBoundary } from '../states/FaultBoundary';
import { chooseTheme, useTheme } from './theme';

const PLACES = [
  // A request begins at a product.
  { to: '/products', name: 'Products', also: '/request' },
  { to: '/subscriptions', name: 'Subscriptions' },
  { to: '/stores', name: 'Stores' },
];

/** What surrounds every page: skip link, name, places, theme. */
export function Shell() {
  // Asked with the first page, so that it is known where something could be changed.
  usePrefetchQuery(infoQuery);
  const { pathname } = useLocation();
  const main = useFocusOnArrival(pathname);
  return (
    <>
      <a className="mr-skip" href="#main">
        Skip to content
      </a>
      <header className="mr-masthead">
        <NavLink to="/products" className="mr-brand" aria-label="Millrace">
          <img src="/icon.svg" alt="" width={24} height={24} />
          <span>Millrace</span>
        </NavLink>
        <nav aria-label="Main">
          {PLACES.map((place) => (
            <NavLink
              key={place.to}
              to={place.to}
              className={({ isActive }) =>
                isActive || (place.also && pathname.startsWith(place.also)) ? 'active' : ''
              }
            >
              {place.name}
            </NavLink>
          ))}
        </nav>
        <ThemeToggle />
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        <FaultBoundary key={pathname}>
          <Outlet />
        </FaultBoundary>
      </main>
    </>
  );
}

/** A click on a link changes the whole page, so the reader's place has to move with it. */
function useFocusOnArrival(pathname: string) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current === pathname) return;
    shown.current = pathname;
    main.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [pathname]);
  return main;
}

function ThemeToggle() {
  const theme = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <Button
      variant="plain"
      aria-label={`Use the ${other} theme`}
      icon={other === 'dark' ? <MoonIcon /> : <SunIcon />}
      onClick={() => chooseTheme(other)}
    />
  );
}
