# Access managers and chief access managers of an organization (toegangsbeheerder, hoofdtoegangsbeheerder; ORG-1).
# That nobody grants more than the organization or they themselves have, or to themselves, is arithmetic with dates and
# stands in src/domain/organization.rs; who may try at all stands here.

permit("organization_member", "read", "members", "all", relations, assurance, "access-manager-reads-members") if
    "access_manager" in relations and assurance >= 2;

permit("organization_member", "read", "members", "all", relations, assurance, "chief-access-manager-reads-members") if
    "chief_access_manager" in relations and assurance >= 2;

permit("organization_member", "grant", "organization_right", "all", relations, assurance, "access-manager-grants-right") if
    "access_manager" in relations and assurance >= 2;

permit("organization_member", "grant", "organization_right", "all", relations, assurance, "chief-access-manager-grants-right") if
    "chief_access_manager" in relations and assurance >= 2;

permit("organization_member", "revoke", "organization_right", "all", relations, assurance, "access-manager-revokes-right") if
    "access_manager" in relations and assurance >= 2;

permit("organization_member", "revoke", "organization_right", "all", relations, assurance, "chief-access-manager-revokes-right") if
    "chief_access_manager" in relations and assurance >= 2;
