import GRDB

/// The tables of the state, and how older ones become them.
enum StateSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: first)
        }
        migrator.registerMigration("status") { database in
            try database.execute(sql: status)
        }
        migrator.registerMigration("protection") { database in
            try database.execute(sql: protection)
        }
        migrator.registerMigration("discovery") { database in
            try database.execute(sql: discovery)
        }
        migrator.registerMigration("shards") { database in
            try database.execute(sql: shards)
        }
        migrator.registerMigration("notifications") { database in
            try database.execute(sql: notifications)
        }
        migrator.registerMigration("snippets") { database in
            try database.execute(sql: snippets)
        }
        return migrator
    }

    /// What a shard saw of the copies that others own.
    private static let shards = """
        CREATE TABLE neighbour (
            sourceServer TEXT NOT NULL,
            targetServer TEXT NOT NULL,
            sourceID INTEGER NOT NULL,
            sourcePath TEXT NOT NULL,
            targetID INTEGER NOT NULL,
            targetPath TEXT NOT NULL,
            PRIMARY KEY (sourceServer, targetServer, sourceID)
        ) WITHOUT ROWID;
        """

    /// What each channel of notifications was last told, and when.
    private static let notifications = """
        CREATE TABLE toldProblem (
            channel TEXT NOT NULL,
            key TEXT NOT NULL,
            scope TEXT,
            name TEXT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (channel, key)
        ) WITHOUT ROWID;
        CREATE TABLE told (
            channel TEXT PRIMARY KEY,
            at REAL NOT NULL
        ) WITHOUT ROWID;
        """

    /// Which snippet of the target is the copy of one at the source.
    private static let snippets = """
        CREATE TABLE snippet (
            sourceServer TEXT NOT NULL,
            targetServer TEXT NOT NULL,
            sourceID INTEGER NOT NULL,
            projectID INTEGER NOT NULL,
            targetID INTEGER NOT NULL,
            isFilled INTEGER NOT NULL,
            PRIMARY KEY (sourceServer, targetServer, sourceID)
        ) WITHOUT ROWID;
        CREATE INDEX snippetOfProject ON snippet (sourceServer, targetServer, projectID);
        """

    /// The paths by which settings name groups, and what projects were like when they were last found to be equal.
    private static let discovery = """
        CREATE TABLE namedGroup (
            sourceServer TEXT NOT NULL,
            path TEXT NOT NULL,
            sourceID INTEGER NOT NULL,
            PRIMARY KEY (sourceServer, path)
        ) WITHOUT ROWID;
        CREATE TABLE look (
            sourceServer TEXT NOT NULL,
            targetServer TEXT NOT NULL,
            sourceID INTEGER NOT NULL,
            began REAL NOT NULL,
            digest TEXT NOT NULL,
            hasWiki INTEGER NOT NULL,
            PRIMARY KEY (sourceServer, targetServer, sourceID)
        ) WITHOUT ROWID;
        """

    /// Times are seconds since 1970; object ids are 40 hexadecimal digits.
    private static let first = """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            started REAL NOT NULL,
            ended REAL,
            result TEXT
        );
        CREATE TABLE copy (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL CHECK (kind IN ('project', 'group')),
            sourceServer TEXT NOT NULL,
            sourceID INTEGER NOT NULL,
            sourcePath TEXT NOT NULL,
            targetServer TEXT NOT NULL,
            targetID INTEGER NOT NULL,
            targetPath TEXT NOT NULL,
            isGone INTEGER NOT NULL DEFAULT 0,
            UNIQUE (kind, sourceServer, sourceID, targetServer)
        );
        CREATE TABLE repository (
            id INTEGER PRIMARY KEY,
            copyID INTEGER NOT NULL REFERENCES copy(id),
            kind TEXT NOT NULL CHECK (kind IN ('project', 'wiki')),
            digest TEXT NOT NULL,
            seen REAL NOT NULL,
            equal REAL,
            UNIQUE (copyID, kind)
        );
        CREATE TABLE tip (
            repositoryID INTEGER NOT NULL REFERENCES repository(id),
            ref TEXT NOT NULL,
            oid TEXT NOT NULL,
            PRIMARY KEY (repositoryID, ref)
        ) WITHOUT ROWID;
        CREATE TABLE refChange (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            runID INTEGER NOT NULL REFERENCES run(id),
            repositoryID INTEGER NOT NULL REFERENCES repository(id),
            at REAL NOT NULL,
            ref TEXT NOT NULL,
            old TEXT,
            new TEXT,
            kind TEXT NOT NULL CHECK (kind IN ('created', 'updated', 'rewritten', 'deleted', 'found')),
            keptAs TEXT
        );
        CREATE INDEX refChangeOfRepository ON refChange (repositoryID, at);
        CREATE TRIGGER refChangeStays BEFORE UPDATE ON refChange
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER refChangeIsKept BEFORE DELETE ON refChange
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        """

    /// How each repository's last look ended, what each run did in sum, and when the tokens end.
    private static let status = """
        CREATE TABLE outcome (
            sourceServer TEXT NOT NULL,
            targetServer TEXT NOT NULL,
            sourceID INTEGER NOT NULL,
            kind TEXT NOT NULL,
            sourcePath TEXT NOT NULL,
            targetPath TEXT NOT NULL,
            status TEXT NOT NULL,
            code TEXT,
            message TEXT,
            hint TEXT,
            rejected INTEGER NOT NULL,
            seconds REAL NOT NULL,
            seen REAL NOT NULL,
            success REAL,
            PRIMARY KEY (sourceServer, targetServer, sourceID, kind)
        ) WITHOUT ROWID;
        CREATE TABLE runTotal (
            runID INTEGER PRIMARY KEY REFERENCES run(id),
            repositories INTEGER NOT NULL,
            good INTEGER NOT NULL,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            rewritten INTEGER NOT NULL,
            deleted INTEGER NOT NULL,
            rejected INTEGER NOT NULL,
            bytes INTEGER NOT NULL
        );
        CREATE TABLE tokenExpiry (
            server TEXT NOT NULL,
            role TEXT NOT NULL,
            expires REAL,
            PRIMARY KEY (server, role)
        ) WITHOUT ROWID;
        """
}
