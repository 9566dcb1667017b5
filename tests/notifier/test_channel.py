"""Channels of Microsoft Teams and Slack: events as people read them, for some plans or some leads."""
import json
import subprocess

import pytest

from support import node, programs
from support.oracle_small import ON_THE_DAY, PARKS, PLUS_1, ROADS, SLUG, small
from support.webhook import status

TRICKY = "Mend *all* [potholes](https://evil.example) of <!channel> & <b>Mill Lane</b> :smile: “Ŵyn” 🚧"
TEAMS_MOST, SLACK_HEADER, SLACK_SECTION, SLACK_FIELD = 28000, 150, 3000, 2000


def lead_id(live, name):
    return live.one("SELECT id FROM lead WHERE name = %s", name)


def cards(posts):
    """[{"faults", "texts"}] of Teams messages, by Microsoft's own library."""
    for post in posts:
        message = json.loads(post.body)
        attachment, = message["attachments"]
        assert message["type"] == "message" and attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    done = subprocess.run([node.command("node"), programs.ROOT / "tests" / "support" / "judge_card.mjs"], check=True, timeout=60,
                          input=json.dumps([json.loads(post.body)["attachments"][0]["content"] for post in posts]),
                          capture_output=True, text=True, env=node.environment(), cwd=node.TESTS)
    return json.loads(done.stdout)


def judge_blocks(folder, messages):
    """Slack's own types, by the TypeScript compiler."""
    (folder / "message.ts").write_text(
        'import type { KnownBlock } from "@slack/types";\n'
        f"export const messages: {{ text: string; blocks: KnownBlock[] }}[] = {json.dumps(messages)};\n", encoding="utf-8")
    (folder / "node_modules").symlink_to(node.TESTS / "node_modules")
    node.run("tsc", "--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--moduleResolution", "nodenext",
             folder / "message.ts", cwd=folder)


def texts_of(message):
    for block in message["blocks"]:
        for text in [block.get("text"), *block.get("fields", [])]:
            if text:
                yield text


@pytest.fixture
def told(database, posting, hooks, receiver):
    """Everything that a channel of that format is told of a plan in a few days; the words are tricky."""
    def tell(format_):
        live = small(database)
        live.sql("UPDATE action SET description = %s WHERE reference = '1.1'", TRICKY)
        live.sql("UPDATE action SET description = %s WHERE reference = '1.2'", "Ŵ" * 10000)
        hooks.add(receiver.url, format=format_)
        hooks.test(1)
        live.sql("UPDATE action SET percent = 40 WHERE reference = '1.1'")
        posting.once("2022-03-24T08:30:00Z")
        posting.once(ON_THE_DAY)
        posting.once(PLUS_1)
        live.sql("UPDATE action SET status = 'complete' WHERE reference = '1.1'")
        live.sql("UPDATE plan SET state = 'closed'")
        posting.once(PLUS_1)
        return receiver.posts
    return tell


def test_teams_gets_cards(told):
    posts = told("teams")
    judged = cards(posts)
    assert [one["faults"] for one in judged] == [[]] * len(posts)
    headlines = [one["texts"][0] for one in judged]
    for wanted in ("Golden Thread: a test", "Action 1.1: changed", "Action 1.1: due in 7 days, on 31 March 2022",
                   "Action 1.1: due today, 31 March 2022", "Action 1.2: was due on 31 March 2022", "Action 1.1: completed",
                   "Plan “Roads improvement plan”: closed"):
        assert wanted in headlines
    near = judged[headlines.index("Action 1.1: due in 7 days, on 31 March 2022")]["texts"]
    assert near[1:] == [TRICKY, "Plan: Roads improvement plan", "Recommendation: 1", f"Led by: {ROADS}",
                        "Published timescale: “By end of March 2022”", "Due: 31 March 2022", "Status: In progress, 40%"]
    assert max(len(post.body) for post in posts) < TEAMS_MOST
    assert not any(name.startswith("webhook-") for post in posts for name in post.headers)


def test_slack_gets_blocks(told, tmp_path):
    posts = told("slack")
    messages = [json.loads(post.body) for post in posts]
    judge_blocks(tmp_path, messages)
    assert len({message["text"] for message in messages}) > 5
    for message in messages:
        assert all(text["type"] == "plain_text" and text["emoji"] is False for text in texts_of(message)), "nobody's markup"
        header, section, *_ = message["blocks"]
        assert 0 < len(header["text"]["text"]) <= SLACK_HEADER and 0 < len(section["text"]["text"]) <= SLACK_SECTION
        assert all(len(field["text"]) <= SLACK_FIELD for block in message["blocks"] for field in block.get("fields", []))
    assert any(message["blocks"][1]["text"]["text"] == TRICKY for message in messages)


def test_the_words_beside_slacks_blocks_are_escaped(database, posting, hooks, receiver):
    live = small(database)
    hooks.add(receiver.url, format="slack", events=["plan.closed"])
    live.sql("UPDATE plan SET title = 'Roads & <!channel>', state = 'closed'")
    posting.once(PLUS_1)
    assert json.loads(receiver.posts[0].body)["text"] == "Plan “Roads &amp; &lt;!channel&gt;”: closed"


def test_a_channel_of_some_leads_hears_of_their_actions_only(database, posting, hooks, receiver):
    live = small(database)
    live.sql("UPDATE assignment SET lead_id = %s WHERE lead_id = %s AND action_id = (SELECT id FROM action WHERE reference = '1.2')",
             lead_id(live, PARKS), lead_id(live, ROADS))
    hooks.add(receiver.url, format="teams", lead_ids=[lead_id(live, PARKS)])
    live.sql("UPDATE action SET percent = 10")
    live.sql("UPDATE plan SET title = 'Another title'")
    posting.once(ON_THE_DAY)
    assert [one["texts"][0] for one in cards(receiver.posts)] == ["Action 1.2: changed", "Action 1.2: due today, 31 March 2022"]


def test_a_webhook_of_some_leads(database, posting, hooks, receiver):
    live = small(database)
    hooks.add(receiver.url, lead_ids=[lead_id(live, PARKS)])
    live.sql("UPDATE action SET percent = 10")
    posting.once(ON_THE_DAY)
    assert receiver.posts == []


def test_a_channel_is_told_one_thing_after_the_other(database, posting, hooks, receiver):
    """People read from top to bottom, and Slack takes about one message a second."""
    hooks.test(hooks.add(receiver.url, format="slack"), 8)
    receiver.act = status(200, b"ok", after=0.05)
    posting.once("2022-01-01T12:00:00Z")
    ends = [(post.at, post.at + 0.05) for post in receiver.posts]
    assert len(ends) == 8 and all(before[1] <= after[0] for before, after in zip(ends, ends[1:]))


def test_a_second_try_says_the_same_although_things_have_changed(database, posting, hooks, receiver):
    live = small(database)
    hooks.add(receiver.url, format="teams", events=["action.updated"])
    live.sql("UPDATE action SET percent = 10 WHERE reference = '1.1'")
    receiver.act = status(500)
    posting.once(ON_THE_DAY)
    live.sql("UPDATE webhook SET state = 'paused'; UPDATE action SET percent = 90 WHERE reference = '1.1';"
             "UPDATE webhook SET state = 'active'")
    receiver.act = status(200)
    hooks.due_again()
    posting.once(ON_THE_DAY)
    first, second, *later = [post.body for post in receiver.posts]
    assert first == second and later and b"10%" in first and b"90%" in later[0]


def test_a_deleted_channel_of_slack_is_turned_off(database, posting, hooks, receiver):
    hook = hooks.add(receiver.url, format="slack")
    hooks.test(hook)
    receiver.act = status(404, b"no_service")
    posting.once(ON_THE_DAY)
    row = hooks.row(hook)
    assert (row["state"], row["reason"]) == ("disabled", "Slack answered no_service")


def test_what_slack_says_is_no_reason_elsewhere(database, posting, hooks, receiver):
    hook = hooks.add(receiver.url)
    hooks.test(hook)
    receiver.act = status(404, b"no_service")
    posting.once(ON_THE_DAY)
    assert hooks.row(hook)["state"] == "active"
