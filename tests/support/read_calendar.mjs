// Reads a calendar from standard input with ical.js and prints its events as JSON: read_calendar.mjs
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
const events = calendar.getAllSubcomponents("vevent").map((one) => {
	const event = new ICAL.Event(one);
	return {
		uid: event.uid, sequence: event.sequence, summary: event.summary, description: event.description,
		starts: event.startDate.toString(), ends: event.endDate.toString(), all_day: event.startDate.isDate,
		status: one.getFirstPropertyValue("status"), transparency: one.getFirstPropertyValue("transp"),
	};
});
console.log(JSON.stringify({ name: calendar.getFirstPropertyValue("x-wr-calname"), events }));
