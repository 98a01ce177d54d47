# A professional with a registration (zorgverlener, specialist): their own dossier.

permit("professional", "open", "register", "front", _, _, "professional-opens-register");

permit("professional", "read", "identity", "all", relations, _, "professional-reads-own-identity") if
    "self" in relations;

permit("professional", "read", "dossier", "administrative", relations, assurance, "professional-reads-own-dossier") if
    "self" in relations and assurance >= 2;

permit("professional", "write", "dossier", "remarks", relations, assurance, "professional-remarks-on-own-dossier") if
    "self" in relations and assurance >= 2;

# Their own registration: all of it, and what others see of it by consent (INSIGHT-1).
permit("professional", "read", "registration", "content", relations, assurance, "professional-reads-own-registration") if
    "self" in relations and assurance >= 2;

permit("professional", "read", "registration", "progress", relations, assurance, "professional-reads-own-progress") if
    "self" in relations and assurance >= 2;

permit("professional", "write", "registration", "activities", relations, assurance, "professional-adds-to-own-registration") if
    "self" in relations and assurance >= 2;

# An app on their own phone (PAIR-1); for which professions there is one stands in the tenant's file.
permit("professional", "pair", "app", "all", relations, assurance, "professional-pairs-app") if
    "self" in relations and assurance >= 2;

# Their own portfolio (INSIGHT-2).
permit("professional", "read", "portfolio", "all", relations, assurance, "professional-reads-own-portfolio") if
    "self" in relations and assurance >= 2;
