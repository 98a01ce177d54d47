# Oneself, as anyone (burger). Who is known as a non-care provider has that role's pages (PROFILE-6).

permit("citizen", "open", "register", "front", _, _, "citizen-opens-register");

permit("citizen", "read", "identity", "all", relations, _, "citizen-reads-own-identity") if
    "self" in relations;

permit("citizen", "read", "administration", "all", relations, assurance, "known-role-reads-administration") if
    assurance >= 2 and
    ("known_as:director" in relations or
     "known_as:person_responsible" in relations or
     "known_as:certificate_manager" in relations);

# Who is still applying for a registration can only be a citizen (PROFILE-4), and sees their own application.
permit("citizen", "read", "registration", "content", relations, assurance, "applicant-reads-own-registration") if
    "self" in relations and assurance >= 2;

permit("citizen", "read", "registration", "progress", relations, assurance, "applicant-reads-own-progress") if
    "self" in relations and assurance >= 2;

# Their application, of which a draft is kept (LOGIN-12). Who has no registration yet logs in as surely as a new account can.
permit("citizen", "read", "application", "all", relations, _, "applicant-reads-own-application") if
    "self" in relations;

permit("citizen", "write", "application", "draft", relations, _, "applicant-keeps-own-draft") if
    "self" in relations;

permit("citizen", "submit", "application", "draft", relations, _, "applicant-submits-own-application") if
    "self" in relations;
