PRAGMA application_id = 1349745006;

CREATE TABLE runs (
    number INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE,
    boot_id TEXT NOT NULL,
    started_at REAL NOT NULL,
    workflow_digest TEXT NOT NULL,
    node_count INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'running'
        CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled', 'lost')),
    seconds REAL,
    -- Why the log of the run is not complete; empty when it is.
    unlogged TEXT NOT NULL DEFAULT '',
    -- 1 while the run is being removed in steps: nobody sees it any more.
    expired INTEGER NOT NULL DEFAULT 0
);

-- Apart from runs, so that listing runs does not read through their plans.
CREATE TABLE plans (
    run INTEGER PRIMARY KEY REFERENCES runs (number) ON DELETE CASCADE,
    body BLOB NOT NULL
);

-- With a rowid: without one, an event of more than 1,000 bytes takes a page of 4,096 for itself.
CREATE TABLE events (
    run INTEGER NOT NULL REFERENCES runs (number),
    seq INTEGER NOT NULL,
    -- How many events the body holds, the first of which is number seq.
    span INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (run, seq)
);
