# Within an organization, with the rights that were granted there (ORG-1).

permit("organization_member", "open", "register", "front", _, _, "member-opens-register");

permit("organization_member", "read", "identity", "all", relations, _, "member-reads-own-identity") if
    "self" in relations;

permit("organization_member", "read", "report", "all", relations, assurance, "reporter-reads-reports") if
    "member" in relations and "right:reporting" in relations and assurance >= 2;
