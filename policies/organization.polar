# Within an organization, with the rights that were granted there (ORG-1).

permit("organization_member", "open", "register", "front", _, _, "member-opens-register");

permit("organization_member", "read", "identity", "all", relations, _, "member-reads-own-identity") if
    "self" in relations;

permit("organization_member", "read", "report", "all", relations, assurance, "reporter-reads-reports") if
    "member" in relations and "right:reporting" in relations and assurance >= 2;

# What an employer sees of a professional who gave it insight: how far the registration is, and its days (INSIGHT-1). There is no
# rule by which it reads content.
permit("organization_member", "read", "registration", "progress", relations, assurance, "employer-reads-progress-with-consent") if
    "member" in relations and "consent:employer_insight" in relations and assurance >= 2;

# A contact person sees who has completed the cycle, and nothing of it (INSIGHT-2).
permit("organization_member", "read", "completion", "names", relations, assurance, "contact-person-reads-who-completed") if
    "member" in relations and "right:completion" in relations and assurance >= 2;
