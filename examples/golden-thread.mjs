#!/usr/bin/env node
// Golden Thread from JavaScript, with nothing but Node 18 or later:
//   golden-thread.mjs overdue                         what is overdue, a line each
//   golden-thread.mjs complete PLAN REFERENCE NOTE    report on an action and complete it (needs the role editor)
//   golden-thread.mjs follow FILE [--once]            what changes from now on; FILE remembers the place
// GT_URL and GT_KEY say where and who.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const { GT_URL, GT_KEY } = process.env;

class Refused extends Error {
  constructor(status, problem) {
    super([`${status} ${problem.code}: ${problem.detail}`, ...(problem.errors ?? []).map((one) => `  ${one.pointer}: ${one.detail}`)].join('\n'));
    this.status = status;
  }
}

// { body, headers } of the answer. Waits and repeats after 429 and 503; a POST should then have a key.
async function call(method, path, { query = {}, body, headers = {} } = {}) {
  const address = new URL(path, GT_URL);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  const sent = { Authorization: `Bearer ${GT_KEY}`, ...(body && { 'Content-Type': 'application/json' }), ...headers };
  for (let attempt = 0; ; attempt++) {
    const answer = await fetch(address, { method, headers: sent, body: body && JSON.stringify(body), signal: AbortSignal.timeout(60_000) });
    const json = await answer.json();
    if (answer.ok) return { body: json, headers: answer.headers };
    if (![429, 503].includes(answer.status) || attempt === 5) throw new Refused(answer.status, json);
    await sleep(1000 * Number(answer.headers.get('Retry-After') ?? 1));
  }
}

// Every item of a list, page by page.
async function* items(path, query) {
  let cursor;
  do {
    const { body: page } = await call('GET', path, { query: { limit: 100, ...query, ...(cursor && { cursor }) } });
    yield* page.items;
    cursor = page.next_cursor;
  } while (cursor);
}

const say = (...fields) => console.log(fields.join('\t'));

async function overdue() {
  for await (const action of items('/v1/actions', { standing: 'overdue' })) {
    const [due] = action.deadlines.filter((one) => !one.done_on).map((one) => one.due_on).sort();
    say(action.plan, action.reference, due, action.leads[0]?.name ?? 'nobody', action.description);
  }
}

async function complete(plan, reference, note) {
  let id;
  for await (const action of items('/v1/actions', { plan }))
    if (action.reference === reference) id = action.id;
  if (!id) throw new Error(`${plan} has no action ${reference}`);
  // One key for this report: however often the call is repeated, there is one update.
  await call('POST', `/v1/actions/${id}/updates`, { body: { note, percent: 100 }, headers: { 'Idempotency-Key': `"${randomUUID()}"` } });
  for (let attempt = 0; ; attempt++) {
    const { headers } = await call('GET', `/v1/actions/${id}`);
    try {
      const { body: action } = await call('PATCH', `/v1/actions/${id}`, {
        body: { status: 'complete' },
        headers: { 'If-Match': headers.get('ETag'), 'Content-Type': 'application/merge-patch+json' },
      });
      console.log(`${action.reference} is complete since ${action.completed_on}`);
      return;
    } catch (refused) {
      // 412: somebody was faster. Read it again, and go on if it still makes sense.
      if (refused.status !== 412 || attempt === 4) throw refused;
    }
  }
}

async function follow(file, once) {
  if (!existsSync(file)) writeFileSync(file, (await call('GET', '/v1/changes', { query: { after: 'latest' } })).body.next_after);
  for (;;) {
    const after = readFileSync(file, 'utf-8').trim();
    const { body: page } = await call('GET', '/v1/changes', { query: { limit: 100, after } });
    for (const one of page.items) say(one.at, one.actor, one.verb, one.resource, one.resource_id, one.plan ?? '-');
    // Only what has been dealt with is behind the place.
    writeFileSync(`${file}.new`, page.next_after);
    renameSync(`${file}.new`, file);
    if (page.next_cursor) continue;
    if (once) return;
    await sleep(10_000);
  }
}

const [command, ...rest] = process.argv.slice(2);
try {
  if (!GT_URL || !GT_KEY) throw new Error('set GT_URL and GT_KEY');
  if (command === 'overdue' && rest.length === 0) await overdue();
  else if (command === 'complete' && rest.length === 3) await complete(...rest);
  else if (command === 'follow' && rest.length === 1) await follow(rest[0], false);
  else if (command === 'follow' && rest[1] === '--once') await follow(rest[0], true);
  else throw new Error('usage: golden-thread.mjs overdue | complete PLAN REFERENCE NOTE | follow FILE [--once]');
} catch (refused) {
  console.error(refused.message);
  process.exitCode = 1;
}
