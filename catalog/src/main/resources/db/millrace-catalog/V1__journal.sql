-- What was decided, in order. Views are made from it; nothing in it ever changes.
-- The payload is json and not jsonb: jsonb sorts the fields of an object, and the order of a
-- schema's properties is the order of a table's columns.
create table journal (
    position bigint generated always as identity primary key,
    kind     text        not null,
    key      text        not null,
    version  bigint      not null check (version > 0),
    type     text        not null,
    payload  json        not null,
    actor    text        not null check (actor <> ''),
    at       timestamptz not null,
    unique (kind, key, version)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the journal only grows';
end
$$;

create trigger only_grows
    before update or delete or truncate on journal
    for each statement execute function refuse_change();

-- What was reported last of each object: no history, but there after a restart.
create table last_report (
    kind   text        not null,
    key    text        not null,
    report json        not null,
    at     timestamptz not null,
    primary key (kind, key)
);
