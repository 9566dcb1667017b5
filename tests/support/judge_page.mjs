// Opens pages in Chromium as a person would and says what is wrong with them, as JSON:
//   node judge_page.mjs CHROMIUM URL ...
// axe-core judges each page light and dark, wide and narrow; nothing may be loaded but the page, no line may be wider
// than the narrowest screen (WCAG 2.2, 1.4.10), and the browser's console must stay silent.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf-8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const views = [
  { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 400, height: 800 } },
];

async function judge(browser, url, view) {
  const faults = [];
  const page = await browser.newPage({ ...view, reducedMotion: 'reduce' });
  page.on('request', (request) => {
    if (new URL(request.url()).pathname !== new URL(url).pathname) faults.push(`it loads ${request.url()}`);
  });
  page.on('console', (message) => faults.push(`the console says: ${message.text()}`));
  await page.goto(url);
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => axe.run({ runOnly: tags, resultTypes: ['violations'] }), rules);
  for (const one of found.violations)
    faults.push(`${one.id}: ${one.help}: ${one.nodes.length} times, first ${one.nodes[0].html.slice(0, 200)} ${one.nodes[0].failureSummary}`);
  await page.setViewportSize({ width: 320, height: 800 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > 320) faults.push(`it is ${wide} pixels wide on a screen of 320`);
  await page.close();
  return { rules: found.passes.length, faults: faults.map((fault) => `${url} ${view.colorScheme}: ${fault}`) };
}

const [program, ...urls] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-background-networking'] });
const said = [];
for (const url of urls)
  for (const view of views)
    said.push(await judge(browser, url, view));
await browser.close();
console.log(JSON.stringify({ faults: said.flatMap((one) => one.faults), rules: Math.min(...said.map((one) => one.rules)) }));
