-- Every table begins with the tenant, and so does every key and foreign key.
-- Moments are milliseconds since 1970 (UTC); days are local dates 'YYYY-MM-DD'; identifiers are text.

-- Raised by every write that can narrow somebody's access; each replica reads it four times a second.
CREATE TABLE tenant_version (
    tenant TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

-- Keys for sealing and for the index of national numbers, wrapped by the master key outside the database.
CREATE TABLE tenant_key (
    tenant TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- Its number within the purpose; the highest is used for what is new.
    id BIGINT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, purpose, id)
);

CREATE TABLE signing_key (
    tenant TEXT NOT NULL,
    kid TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (tenant, kid)
);

CREATE TABLE person (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- The address folded to lower case: what one logs in with, one person each (LOGIN-10).
    login_name TEXT NOT NULL,
    language TEXT NOT NULL,
    citizen_file BOOLEAN NOT NULL,
    closed_at BIGINT,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, login_name)
);

-- A national number is sealed; people are found by a keyed index over its kind and canonical digits.
CREATE TABLE national_number (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    lookup BYTEA NOT NULL,
    PRIMARY KEY (tenant, person),
    UNIQUE (tenant, lookup),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

-- The random names by which one audience knows a person.
CREATE TABLE pseudonym (
    tenant TEXT NOT NULL,
    sector TEXT NOT NULL,
    person TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant, sector, person),
    UNIQUE (tenant, sector, value),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

CREATE TABLE password (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    hash TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    -- A link in a mail was all that vouched for it: then a code by mail is no second factor.
    by_mail BOOLEAN NOT NULL,
    PRIMARY KEY (tenant, person),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

-- An authenticator app: its sealed secret, and the last time step that was taken.
CREATE TABLE authenticator (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    last_step BIGINT NOT NULL,
    PRIMARY KEY (tenant, person),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

-- Wrong tries of one account, over all its factors and sessions; also of accounts that do not exist.
CREATE TABLE failed_tries (
    tenant TEXT NOT NULL,
    account BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (tenant, account)
);

CREATE TABLE role (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT NOT NULL,
    valid_from TEXT COLLATE "C",
    valid_until TEXT COLLATE "C",
    PRIMARY KEY (tenant, person, role),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

CREATE TABLE registration (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    profession TEXT NOT NULL,
    number TEXT,
    -- The part of the number that says who it is: the first eight digits of a RIZIV number, else all of it.
    number_base TEXT COLLATE "C",
    complete BOOLEAN NOT NULL,
    valid_from TEXT COLLATE "C",
    valid_until TEXT COLLATE "C",
    PRIMARY KEY (tenant, person, profession),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);
CREATE INDEX registration_by_number ON registration (tenant, number_base);

-- What ties one person to another: trains, supports.
CREATE TABLE tie (
    tenant TEXT NOT NULL,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    other TEXT NOT NULL,
    valid_from TEXT COLLATE "C",
    valid_until TEXT COLLATE "C",
    PRIMARY KEY (tenant, person, kind, other),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, other) REFERENCES person (tenant, id)
);

CREATE TABLE organization (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    number TEXT,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE membership (
    tenant TEXT NOT NULL,
    organization TEXT NOT NULL,
    person TEXT NOT NULL,
    representative BOOLEAN NOT NULL,
    -- 0 a member, 1 an access manager, 2 a chief access manager
    management BIGINT NOT NULL,
    valid_from TEXT COLLATE "C",
    valid_until TEXT COLLATE "C",
    PRIMARY KEY (tenant, organization, person),
    FOREIGN KEY (tenant, organization) REFERENCES organization (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);
CREATE INDEX membership_by_person ON membership (tenant, person);

-- What an organization may let its members do.
CREATE TABLE organization_right (
    tenant TEXT NOT NULL,
    organization TEXT NOT NULL,
    right_code TEXT NOT NULL,
    valid_from TEXT COLLATE "C",
    valid_until TEXT COLLATE "C",
    PRIMARY KEY (tenant, organization, right_code),
    FOREIGN KEY (tenant, organization) REFERENCES organization (tenant, id)
);

-- What an access manager who is not the chief may grant.
CREATE TABLE entrusted_right (
    tenant TEXT NOT NULL,
    organization TEXT NOT NULL,
    person TEXT NOT NULL,
    right_code TEXT NOT NULL,
    valid_from TEXT COLLATE "C",
    valid_until TEXT COLLATE "C",
    PRIMARY KEY (tenant, organization, person, right_code),
    FOREIGN KEY (tenant, organization, person) REFERENCES membership (tenant, organization, person)
);

CREATE TABLE right_grant (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    organization TEXT NOT NULL,
    person TEXT NOT NULL,
    right_code TEXT NOT NULL,
    valid_from TEXT COLLATE "C",
    valid_until TEXT COLLATE "C",
    granted_by TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    ended_by TEXT,
    ended_at BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, organization, person) REFERENCES membership (tenant, organization, person),
    FOREIGN KEY (tenant, granted_by) REFERENCES person (tenant, id)
);
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
    valid_from TEXT COLLATE "C" NOT NULL,
    -- The last day, '9999-12-31' when no end is known.
    valid_until TEXT COLLATE "C" NOT NULL,
    accepted_at BIGINT,
    ended_at BIGINT,
    family_folded TEXT COLLATE "C" NOT NULL,
    given_folded TEXT COLLATE "C" NOT NULL,
    number_base TEXT COLLATE "C",
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, mandator) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, holder_person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, holder_organization) REFERENCES organization (tenant, id),
    CHECK ((holder_person IS NULL) <> (holder_organization IS NULL))
);
CREATE INDEX mandate_by_name ON mandate (tenant, holder, family_folded, given_folded, id, valid_from, valid_until)
    WHERE accepted_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX mandate_by_number ON mandate (tenant, holder, number_base)
    WHERE accepted_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX mandate_by_mandator ON mandate (tenant, mandator, holder);

-- One attempt to log in, bound to the browser that began it.
CREATE TABLE attempt (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    browser BYTEA NOT NULL,
    -- Where it leads when it succeeds (JSON).
    destination TEXT NOT NULL,
    -- The means that was chosen, who showed up, and how many of its factors they proved.
    means TEXT,
    person TEXT,
    proved BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);
CREATE INDEX attempt_expired ON attempt (tenant, expires_at);

CREATE TABLE email_code (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    attempt TEXT NOT NULL,
    digest BYTEA NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, attempt) REFERENCES attempt (tenant, id) ON DELETE CASCADE
);
CREATE INDEX email_code_by_attempt ON email_code (tenant, attempt);

CREATE TABLE reset_link (
    tenant TEXT NOT NULL,
    digest BYTEA NOT NULL,
    person TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id)
);

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
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, handle),
    FOREIGN KEY (tenant, actor) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, organization) REFERENCES organization (tenant, id),
    FOREIGN KEY (tenant, mandate) REFERENCES mandate (tenant, id),
    FOREIGN KEY (tenant, represented) REFERENCES person (tenant, id)
);

-- A session on one host: on the login host (no register), or on a register's host (begun by that login).
CREATE TABLE session (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    digest BYTEA NOT NULL,
    person TEXT NOT NULL,
    login TEXT,
    register TEXT,
    profile TEXT,
    means TEXT NOT NULL,
    assurance TEXT NOT NULL,
    authenticated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    agent TEXT NOT NULL,
    PRIMARY KEY (tenant, id),
    UNIQUE (tenant, digest),
    FOREIGN KEY (tenant, person) REFERENCES person (tenant, id),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, profile) REFERENCES profile (tenant, handle)
);
CREATE INDEX session_by_person ON session (tenant, person);
CREATE INDEX session_by_login ON session (tenant, login);

-- The single-use code that carries a login to a register's host, bound to the browser that asked there.
CREATE TABLE entry_code (
    tenant TEXT NOT NULL,
    digest BYTEA NOT NULL,
    login TEXT NOT NULL,
    register TEXT NOT NULL,
    profile TEXT NOT NULL,
    state BYTEA NOT NULL,
    return_path TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, profile) REFERENCES profile (tenant, handle)
);

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
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, login) REFERENCES session (tenant, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant, profile) REFERENCES profile (tenant, handle)
);
CREATE INDEX authorization_grant_by_login ON authorization_grant (tenant, login);

CREATE TABLE authorization_code (
    tenant TEXT NOT NULL,
    digest BYTEA NOT NULL,
    authorization_grant TEXT NOT NULL,
    client TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, authorization_grant) REFERENCES authorization_grant (tenant, id) ON DELETE CASCADE
);

CREATE TABLE refresh_token (
    tenant TEXT NOT NULL,
    digest BYTEA NOT NULL,
    authorization_grant TEXT NOT NULL,
    client TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    taken_at BIGINT,
    PRIMARY KEY (tenant, digest),
    FOREIGN KEY (tenant, authorization_grant) REFERENCES authorization_grant (tenant, id) ON DELETE CASCADE
);
CREATE INDEX refresh_token_by_grant ON refresh_token (tenant, authorization_grant);

-- Client assertions that were used (RFC 7523 section 3, jti).
CREATE TABLE client_assertion (
    tenant TEXT NOT NULL,
    client TEXT NOT NULL,
    jti BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, client, jti)
);

-- Mails to send: written with the change that causes them, sent after it.
CREATE TABLE outbox (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    sent_at BIGINT,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX outbox_due ON outbox (tenant, due_at) WHERE sent_at IS NULL;

-- The audit log: only ever added to.
CREATE TABLE audit (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT,
    subject TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX audit_by_time ON audit (tenant, at);
CREATE INDEX audit_by_subject ON audit (tenant, subject, at);

-- Row-level security: the tenant is set inside each transaction; no setting means no rows.
CREATE FUNCTION current_tenant() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT NULLIF(current_setting('poort.tenant', true), '') $$;
ALTER TABLE tenant_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_version FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON tenant_version USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE tenant_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant_key FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON tenant_key USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE signing_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE signing_key FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON signing_key USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON person USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE national_number ENABLE ROW LEVEL SECURITY;
ALTER TABLE national_number FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON national_number USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE pseudonym ENABLE ROW LEVEL SECURITY;
ALTER TABLE pseudonym FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON pseudonym USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE password ENABLE ROW LEVEL SECURITY;
ALTER TABLE password FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON password USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE authenticator ENABLE ROW LEVEL SECURITY;
ALTER TABLE authenticator FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON authenticator USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE failed_tries ENABLE ROW LEVEL SECURITY;
ALTER TABLE failed_tries FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON failed_tries USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE role ENABLE ROW LEVEL SECURITY;
ALTER TABLE role FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON role USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE registration ENABLE ROW LEVEL SECURITY;
ALTER TABLE registration FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON registration USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE tie ENABLE ROW LEVEL SECURITY;
ALTER TABLE tie FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON tie USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE organization ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON organization USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE membership ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON membership USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE organization_right ENABLE ROW LEVEL SECURITY;
ALTER TABLE organization_right FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON organization_right USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE entrusted_right ENABLE ROW LEVEL SECURITY;
ALTER TABLE entrusted_right FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON entrusted_right USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE right_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE right_grant FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON right_grant USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE mandate ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandate FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON mandate USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE attempt FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON attempt USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE email_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE email_code FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON email_code USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE reset_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE reset_link FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON reset_link USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE profile ENABLE ROW LEVEL SECURITY;
ALTER TABLE profile FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON profile USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE session ENABLE ROW LEVEL SECURITY;
ALTER TABLE session FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON session USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE entry_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE entry_code FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON entry_code USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE authorization_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE authorization_grant FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON authorization_grant USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE authorization_code ENABLE ROW LEVEL SECURITY;
ALTER TABLE authorization_code FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON authorization_code USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE refresh_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_token FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON refresh_token USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE client_assertion ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_assertion FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON client_assertion USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON outbox USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON audit USING (tenant = current_tenant()) WITH CHECK (tenant = current_tenant());
-- The versions, and nothing else, are read for all tenants at once.
CREATE POLICY read_versions ON tenant_version FOR SELECT USING (true);
