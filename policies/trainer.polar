# A trainer (opleider), of their own trainees only: alone approves or rejects a changed training plan (PROFILE-7).

permit("trainer", "open", "register", "front", _, _, "trainer-opens-register");

permit("trainer", "read", "identity", "all", relations, _, "trainer-reads-own-identity") if
    "self" in relations;

permit("trainer", "read", "training_plan", "all", relations, _, "trainer-reads-own-trainees-plan") if
    "trains" in relations;

permit("trainer", "approve", "training_plan", "change", relations, assurance, "trainer-approves-own-trainees-plan") if
    "trains" in relations and assurance >= 2;

permit("trainer", "reject", "training_plan", "change", relations, assurance, "trainer-rejects-own-trainees-plan") if
    "trains" in relations and assurance >= 2;
