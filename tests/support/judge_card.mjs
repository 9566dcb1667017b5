// What Microsoft's Adaptive Cards library says of cards: [card, …] to [[fault, …], …], and every text that it would show.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AdaptiveCards = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

const judged = JSON.parse(readFileSync(0, "utf-8")).map((json) => {
  const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_4);
  const card = new AdaptiveCards.AdaptiveCard();
  card.parse(json, context);
  const faults = [];
  for (let i = 0; i < context.eventCount; i++) faults.push(context.getEventAt(i).message);
  for (const one of card.validateProperties().validationEvents) faults.push(one.message);
  const texts = [];
  for (let i = 0; i < card.getItemCount(); i++) {
    const block = card.getItemAt(i);
    let text = "";
    for (let n = 0; n < block.getInlineCount(); n++) text += block.getInlineAt(n).text;
    texts.push(text);
  }
  return { faults, texts };
});
console.log(JSON.stringify(judged));
