// Photographs every page, in two widths and both themes, against the mock: `npm run look [folder]`.
// Fails when a page breaks an accessibility rule, the content security policy, or scrolls sideways.
import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { startMock } from './mock-server.mjs';

const folder = process.argv[2] ?? 'target/look';
const only = process.argv[3]?.split(',');
mkdirSync(folder, { recursive: true });

const STEPS = [
  ['products', '/products'],
  ['product', '/products/usgs/earthquakes'],
  ['request', '/request/usgs/earthquakes'],
  [
    'request-wrong',
    '/request/usgs/earthquakes',
    async (page) => {
      await page.getByRole('textbox', { name: 'Filter' }).fill('event.magnitude >= 4.5');
      await page.getByText('Did you mean').waitFor();
      await page
        .getByRole('textbox', { name: 'Name', exact: true })
        .fill('a-name-that-is-too-long-for-it');
      await page.getByRole('radio', { name: 'Choose fields' }).check();
      await page.getByRole('combobox', { name: 'Type of properties.mag' }).fill('txt');
      await page.getByRole('button', { name: 'Request', exact: true }).click();
      await page.getByText('nothing was created').waitFor();
    },
  ],
  [
    'request-right',
    '/request/usgs/earthquakes',
    async (page) => {
      await page
        .getByRole('textbox', { name: 'Filter' })
        .fill("event.properties.mag >= 4.5 && event.properties.place.contains('California')");
      await page.getByText('recent events').waitFor();
      await page.getByText('matching example').click();
    },
  ],
  [
    'request-review',
    '/request/usgs/earthquakes',
    async (page) => {
      await page.getByRole('button', { name: 'Request', exact: true }).click();
      await page.getByRole('button', { name: 'Confirm request' }).waitFor();
    },
  ],
  ['subscriptions', '/subscriptions'],
  ['subscription', '/subscriptions/bts/sfo-late'],
  ['subscription-failed', '/subscriptions/risk/broken-mirror'],
  [
    'subscription-rows',
    '/subscriptions/usgs/strong-quakes?tab=rows',
    async (page) => {
      const rows = page.getByRole('table', { name: 'Rows' });
      await rows.getByRole('cell', { name: '9007199254740993' }).first().waitFor();
      await rows.getByRole('cell', { name: '137.00' }).first().waitFor();
    },
  ],
  [
    'subscription-connect',
    '/subscriptions/usgs/strong-quakes?tab=connect',
    async (page) => {
      const reveal = page.getByRole('button', { name: 'Reveal password' });
      await page.getByRole('button', { name: 'Rotate password' }).waitFor();
      if (await reveal.isVisible()) {
        await reveal.click();
        await page.getByRole('button', { name: 'Reveal', exact: true }).click();
        await page.getByText('Copy the password now').waitFor();
      }
    },
  ],
  ['subscription-dead-letters', '/subscriptions/usgs/strong-quakes?tab=dead-letters'],
  [
    'subscription-correction',
    '/subscriptions/usgs/strong-quakes?tab=dead-letters',
    (page) =>
      page
        .getByRole('button', { name: /^Edit and redrive/ })
        .first()
        .click(),
  ],
  ['subscription-definition', '/subscriptions/usgs/strong-quakes?tab=definition'],
  ['subscription-journal', '/subscriptions/usgs/strong-quakes?tab=journal'],
  [
    'subscription-delete',
    '/subscriptions/usgs/strong-quakes',
    (page) => page.getByRole('button', { name: 'Delete' }).click(),
  ],
  ['stores', '/stores'],
  [
    'cluster-subscription',
    '/subscriptions/usgs/strong-quakes',
    (page) => page.getByText('Commands to change it').click(),
    'mr_cluster',
  ],
  [
    'cluster-connect',
    '/subscriptions/usgs/strong-quakes?tab=connect',
    (page) => page.getByRole('group', { name: 'psql' }).waitFor(),
    'mr_cluster',
  ],
  [
    'cluster-dead-letters',
    '/subscriptions/usgs/strong-quakes?tab=dead-letters',
    undefined,
    'mr_cluster',
  ],
  [
    'cluster-definition',
    '/subscriptions/usgs/strong-quakes?tab=definition',
    undefined,
    'mr_cluster',
  ],
  ['cluster-journal', '/subscriptions/usgs/strong-quakes?tab=journal', undefined, 'mr_cluster'],
  [
    'cluster-request-review',
    '/request/usgs/earthquakes',
    async (page) => {
      await page.getByRole('button', { name: 'Review request' }).click();
      await page.getByRole('group', { name: 'kubectl' }).waitFor();
    },
    'mr_cluster',
  ],
  [
    'cluster-approval',
    '/request/sales/customers',
    async (page) => {
      await page.getByRole('textbox', { name: 'Tenant' }).fill('risk');
      await page.getByRole('textbox', { name: 'Purpose' }).fill('fraud scoring');
      await page.getByRole('textbox', { name: 'For', exact: true }).fill('a while');
      await page.getByRole('button', { name: 'Review request' }).click();
      await page.getByText('nothing was created').waitFor();
    },
    'mr_cluster',
  ],
  [
    'cluster-approval-review',
    '/request/sales/customers',
    async (page) => {
      await page.getByRole('textbox', { name: 'Tenant' }).fill('risk');
      await page.getByRole('button', { name: 'Review request' }).click();
      await page.getByText('by an AccessRequest').waitFor();
    },
    'mr_cluster',
  ],
  ['empty-products', '/products', undefined, 'mr_empty'],
  ['empty-subscriptions', '/subscriptions', undefined, 'mr_empty'],
  ['broken', '/subscriptions', undefined, 'mr_broken'],
  ['slow', '/products', undefined, 'mr_slow'],
  ['not-found', '/products/usgs/nothing'],
  ['sign-in', '/products', (page) => page.getByText('Command that prints it').click(), 'mr_wrong'],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--headless', '--disable-gpu'],
});
let faults = 0;
const fault = (text) => {
  faults++;
  console.log(`  ${text}`);
};
for (const theme of ['light', 'dark']) {
  for (const width of [1280, 360]) {
    for (const [name, path, act, token = 'mr_demo'] of STEPS) {
      if (only && !only.some((start) => name.startsWith(start))) continue;
      const mock = await startMock();
      const context = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme: theme,
        bypassCSP: false,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(8000);
      console.log(`${name} ${width} ${theme}`);
      page.on('console', (message) => {
        if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
          fault(message.text());
      });
      page.on('pageerror', (error) => fault(error.stack));
      await page.goto(`${mock.address}${path}#token=${token}`);
      try {
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForTimeout(700);
        await act?.(page);
        await page.waitForTimeout(400);
      } catch (error) {
        fault(error.message);
      }
      await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png`, fullPage: true });
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      if (wide > 0) fault(`scrolls sideways by ${wide} px`);
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
        .analyze();
      for (const violation of violations)
        fault(
          `${violation.id}: ${violation.nodes
            .map((n) => `${n.target} ${n.any[0]?.message ?? ''}`)
            .slice(0, 4)
            .join(' | ')}`,
        );
      await context.close();
      mock.close();
    }
  }
}
await browser.close();
if (faults) console.error(`${faults} faults`);
// The mock's open streams would keep it alive.
process.exit(faults ? 1 : 0);
