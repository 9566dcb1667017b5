// Whether the official Standard Webhooks library takes deliveries: {name: [secret, headers, body]} to {name: boolean}.
import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const cases = JSON.parse(readFileSync(0, "utf-8"));
const found = {};
for (const [name, [secret, headers, body]] of Object.entries(cases)) {
  try {
    found[name] = JSON.stringify(new Webhook(secret).verify(body, headers)) === JSON.stringify(JSON.parse(body));
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    found[name] = false;
  }
}
console.log(JSON.stringify(found));
