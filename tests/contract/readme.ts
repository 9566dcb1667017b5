// The README's first calls with the types that openapi-typescript makes of the contract. GT_URL and GT_KEY say where.
import createClient from 'openapi-fetch';

import type { components, paths } from './golden-thread.js';

type Action = components['schemas']['Action'];
type Problem = components['schemas']['Problem'];

const { GT_URL, GT_KEY } = process.env;
if (!GT_URL || !GT_KEY) throw new Error('set GT_URL and GT_KEY');
const client = createClient<paths>({ baseUrl: GT_URL, headers: { Authorization: `Bearer ${GT_KEY}` } });

function must<T>(answer: { data?: T; error?: Problem | undefined; response: Response }): T {
  if (answer.data === undefined) throw new Error(`${answer.response.status} ${answer.error?.code}: ${answer.error?.detail}`);
  return answer.data;
}

// What is overdue? All of it, page by page.
const overdue: Action[] = [];
let cursor: string | null | undefined;
do {
  const query = { standing: 'overdue' as const, limit: 2, ...(cursor ? { cursor } : {}) };
  const page = must(await client.GET('/v1/actions', { params: { query } }));
  overdue.push(...page.items);
  cursor = page.next_cursor;
} while (cursor);

// One action, with its version in the ETag header.
const id = overdue[0]?.id ?? 1;
const read = await client.GET('/v1/actions/{id}', { params: { path: { id } } });
const before = must(read);
const etag = read.response.headers.get('ETag') ?? '*';

// Change it: If-Match says which version you mean.
const patch = { params: { path: { id }, header: { 'If-Match': etag } }, body: { status: 'in_progress' as const, percent: 40 } };
const after = must(await client.PATCH('/v1/actions/{id}', patch));

// The same once more is stale: refused with 412, nothing is lost.
const stale = await client.PATCH('/v1/actions/{id}', patch);

// How would a timescale be read?
const text = 'December 2021 Review – March 2022';
const reading = must(await client.GET('/v1/timescales/read', { params: { query: { text } } }));

console.log(JSON.stringify({
  overdue: overdue.map((action) => action.reference),
  versions: [before.version, after.version],
  percent: after.percent,
  stale: [stale.response.status, stale.error?.code],
  due: reading.deadlines.map((deadline) => deadline.due_on),
}));
