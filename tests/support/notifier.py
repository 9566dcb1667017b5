"""The real goldenthread-notifier: one run to its end, or running until it is stopped."""
from support import programs


class Notifier:
    def __init__(self, database, folder, mail_url, **settings):
        self.folder = folder
        self.settings = {"GT_DATABASE_URL": database.url("gt_notifier"), "GT_MAIL_URL": mail_url,
                         "GT_MAIL_FROM": "Golden Thread <goldenthread@example.org>",
                         "GT_PUBLIC_URL": "https://plans.example.org", "GT_LOG_FORMAT": "json", **database.settings,
                         **settings}
        self.started = []

    def run(self, *options, status=0, timeout=60, **settings):
        """Runs with these options to the end (--once, --dry-run, approve …); gives what it printed."""
        return programs.run("goldenthread-notifier", *options, settings={**self.settings, **settings},
                            status=status, timeout=timeout)

    def once(self, at, *options, **how):
        """One pass as if it were that moment (RFC 3339)."""
        return self.run("--once", "--at", at, *options, **how)

    def start(self, *options, ready=True, **settings):
        """The daemon, in the background; ready: waits until it says that it has started. Its process
        has stop(), kill9(), signal(), output()."""
        process = programs.Process("goldenthread-notifier", options, {**self.settings, **settings},
                                   self.folder / f"notifier-{len(self.started)}.log")
        self.started.append(process)
        if ready:
            programs.wait_until(lambda: "started" in process.output() or not process.running(),
                                "goldenthread-notifier has started")
            assert process.running(), f"goldenthread-notifier ended at start\n{process.output()}"
        return process

    def stop_all(self):
        for process in self.started:
            if process.running():
                process.stop()
            programs.assert_clean(process.name, process.output())
