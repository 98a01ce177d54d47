# Anyone, without a login: nobody who is known. They have no relation with anybody, and see what a tenant's file opens to all: who
# is registered in what (LOOKUP-1). Which registers those are, and how often may be asked, is for the tenant's file to say.

permit("anyone", "look_up", "registrant", "public", _, _, "anyone-looks-up-who-is-registered");
