-- Every table begins with the tenant, and so does every key and foreign key.
-- Moments are milliseconds since 1970 (UTC); days are local dates 'YYYY-MM-DD'; identifiers are text.

-- Raised by every write that can narrow somebody's access; each replica reads it four times a second.
CREATE TABLE tenant_version (
    tenant TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL
) STRICT;

-- Keys for sealing and for the index of national numbers, wrapped by the master key outside the database.
CREATE TABLE tenant_key (
    tenant TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- Its number within the purpose; the highest is used for what is new.
    id INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, purpose, id)
) STRICT;

CREATE TABLE signing_key (
    tenant TEXT NOT NULL,
    kid TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    PRIMARY KEY (tenant, kid)
) STRICT;

CREATE TABLE person (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- The address folded to lower case: what one logs in with, one person each (LOGIN-10).
    login_name TEXT NOT NULL,
    language TEXT NOT NULL,
    citizen_file INTEGER NOT NULL,
    closed_at INTEGER,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, login_name)
) STRICT;

-- A national number is sealed; people are found by a keyed index over its kind and canonical digits.
CREATE TABLE national_number (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed BLOB NOT NULL,
    lookup BLOB NOT NULL,
    PRIMARY KEY (tenant, person),
    UNIQUE (tenant, lookup),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;

-- The random names by which one audience knows a person.
CREATE TABLE pseudonym (
    tenant TEXT NOT NULL,
    sector TEXT NOT NULL,
    person TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant, sector, person),
    UNIQUE (tenant, sector, value),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;

CREATE TABLE password (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    hash TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    -- A link in a mail was all that vouched for it: then a code by mail is no second factor.
    by_mail INTEGER NOT NULL,
    PRIMARY KEY (tenant, person),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;

-- An authenticator app: its sealed secret, and the last time step that was taken.
CREATE TABLE authenticator (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed BLOB NOT NULL,
    last_step INTEGER NOT NULL,
    PRIMARY KEY (tenant, person),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;

-- Wrong tries of one account, over all its factors and sessions; also of accounts that do not exist.
CREATE TABLE failed_tries (
    tenant TEXT NOT NULL,
    account BLOB NOT NULL,
    tries INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (tenant, account)
) STRICT;

CREATE TABLE role (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    PRIMARY KEY (tenant, person, role),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;

CREATE TABLE registration (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    profession TEXT NOT NULL,
    number TEXT,
    -- The part of the number that says who it is: the first eight digits of a RIZIV number, else all of it.
    number_base TEXT,
    complete INTEGER NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    PRIMARY KEY (tenant, person, profession),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX registration_by_number ON registration (tenant, number_base);

-- What ties one person to another: trains, supports.
CREATE TABLE tie (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    other TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    PRIMARY KEY (tenant, person, kind, other),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, other) REFERENCES person (tenant, id)
) STRICT;

CREATE TABLE organization (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    number TEXT,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE membership (
    tenant TEXT NOT NULL,
    organization TEXT NOT NULL,
    person TEXT NOT NULL,
    representative INTEGER NOT NULL,
    -- 0 a member, 1 an access manager, 2 a chief access manager
    management INTEGER NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    PRIMARY KEY (tenant, organization, person),
    FOREIGN KEY (tenant, organization) REFERENCES organization (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX membership_by_person ON membership (tenant, person);

-- What an organization may let its members do.
CREATE TABLE organization_right (
    tenant TEXT NOT NULL,
    organization TEXT NOT NULL,
    right_code TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    PRIMARY KEY (tenant, organization, right_code),
    FOREIGN KEY (tenant, organization) REFERENCES organization (tenant, id)
) STRICT;

-- What an access manager who is not the chief may grant.
CREATE TABLE entrusted_right (
    tenant TEXT NOT NULL,
    organization TEXT NOT NULL,
    person TEXT NOT NULL,
    right_code TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    PRIMARY KEY (tenant, organization, person, right_code),
    FOREIGN KEY (tenant, organization, person) REFERENCES membership (tenant, organization, person)
) STRICT;

CREATE TABLE right_grant (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    organization TEXT NOT NULL,
    person TEXT NOT NULL,
    right_code TEXT NOT NULL,
    valid_from TEXT,
    valid_until TEXT,
    granted_by TEXT NOT NULL,
    granted_at INTEGER NOT NULL,
    ended_by TEXT,
    ended_at INTEGER,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, organization, person) REFERENCES membership (tenant, organization, person),
    FOREIGN KEY (tenant, granted_by) REFERENCES person (tenant, id)
) STRICT;
CREATE UNIQUE INDEX right_grant_in_force ON right_grant (tenant, organization, person, right_code) WHERE ended_at IS NULL;

-- The mandator's folded names and number stand here too: a holder's search is one walk along one index.
CREATE TABLE mandate (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    mandator TEXT NOT NULL,
    holder_person TEXT,
    holder_organization TEXT,
    -- Whichever of both holds it.
    holder TEXT NOT NULL,
    scope TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    -- The last day, '9999-12-31' when no end is known.
    valid_until TEXT NOT NULL,
    accepted_at INTEGER,
    ended_at INTEGER,
    family_folded TEXT NOT NULL,
    given_folded TEXT NOT NULL,
    number_base TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, mandator) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, holder_person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, holder_organization) REFERENCES organization (tenant, id),
    CHECK ((holder_person IS NULL) <> (holder_organization IS NULL))
) STRICT;
CREATE INDEX mandate_by_name ON mandate (tenant, holder, family_folded, given_folded, id, valid_from, valid_until)
    WHERE accepted_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX mandate_by_number ON mandate (tenant, holder, number_base)
    WHERE accepted_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX mandate_by_mandator ON mandate (tenant, mandator, holder);

-- One attempt to log in, bound to the browser that began it.
CREATE TABLE attempt (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    browser BLOB NOT NULL,
    -- Where it leads when it succeeds (JSON).
    destination TEXT NOT NULL,
    -- The means that was chosen, who showed up, and how many of its factors they proved.
    means TEXT,
    person TEXT,
    proved INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;
CREATE INDEX attempt_expired ON attempt (tenant, expires_at);

CREATE TABLE email_code (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    attempt TEXT NOT NULL,
    digest BLOB NOT NULL,
    sent_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, attempt) REFERENCES attempt (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX email_code_by_attempt ON email_code (tenant, attempt);

CREATE TABLE reset_link (
    tenant TEXT NOT NULL,
    digest BLOB NOT NULL,
    person TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
) STRICT;

-- A profile that somebody chose in a login.
CREATE TABLE profile (
    tenant TEXT NOT NULL,
    handle TEXT NOT NULL,
    actor TEXT NOT NULL,
    capacity TEXT NOT NULL,
    profession TEXT,
    organization TEXT,
    mandate TEXT,
    represented TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, handle),
    FOREIGN KEY (tenant, actor) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, organization) REFERENCES organization (tenant, id),
    FOREIGN KEY (tenant, mandate) REFERENCES mandate (tenant, id),
    FOREIGN KEY (tenant, represented) REFERENCES person (tenant, id)
) STRICT;

-- A session on one host: on the login host (no register), or on a register's host (begun by that login).
CREATE TABLE session (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    digest BLOB NOT NULL,
    person TEXT NOT NULL,
    login TEXT,
    register TEXT,
    profile TEXT,
    means TEXT NOT NULL,
    assurance TEXT NOT NULL,
    authenticated_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    agent TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, digest),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, profile) REFERENCES profile (tenant, handle)
) STRICT;
CREATE INDEX session_by_person ON session (tenant, person);
CREATE INDEX session_by_login ON session (tenant, login);

-- The single-use code that carries a login to a register's host, bound to the browser that asked there.
CREATE TABLE entry_code (
    tenant TEXT NOT NULL,
    digest BLOB NOT NULL,
    login TEXT NOT NULL,
    register TEXT NOT NULL,
    profile TEXT NOT NULL,
    state BLOB NOT NULL,
    return_path TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, profile) REFERENCES profile (tenant, handle)
) STRICT;

-- What one login gave one client: the family of its codes and tokens.
CREATE TABLE authorization_grant (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    client TEXT NOT NULL,
    login TEXT NOT NULL,
    profile TEXT NOT NULL,
    scope TEXT NOT NULL,
    audience TEXT NOT NULL,
    nonce TEXT,
    created_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, profile) REFERENCES profile (tenant, handle)
) STRICT;
CREATE INDEX authorization_grant_by_login ON authorization_grant (tenant, login);

CREATE TABLE authorization_code (
    tenant TEXT NOT NULL,
    digest BLOB NOT NULL,
    authorization_grant TEXT NOT NULL,
    client TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, authorization_grant) REFERENCES authorization_grant (tenant, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE refresh_token (
    tenant TEXT NOT NULL,
    digest BLOB NOT NULL,
    authorization_grant TEXT NOT NULL,
    client TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    taken_at INTEGER,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, authorization_grant) REFERENCES authorization_grant (tenant, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX refresh_token_by_grant ON refresh_token (tenant, authorization_grant);

-- Client assertions that were used (RFC 7523 section 3, jti).
CREATE TABLE client_assertion (
    tenant TEXT NOT NULL,
    client TEXT NOT NULL,
    jti BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (tenant, client, jti)
) STRICT;

-- Mails to send: written with the change that causes them, sent after it.
CREATE TABLE outbox (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    sent_at INTEGER,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX outbox_due ON outbox (tenant, due_at) WHERE sent_at IS NULL;

-- The audit log: only ever added to.
CREATE TABLE audit (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT,
    subject TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX audit_by_time ON audit (tenant, at);
CREATE INDEX audit_by_subject ON audit (tenant, subject, at);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
