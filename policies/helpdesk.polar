# The helpdesk of the register. It helps with access; it has no relation with anybody's plan or dossier and sees none.

permit("helpdesk", "open", "register", "front", _, _, "helpdesk-opens-register");

permit("helpdesk", "read", "identity", "all", relations, _, "helpdesk-reads-own-identity") if
    "self" in relations;
