// Only declares what first.c and second.c define differently.
struct conflict; struct uses { struct conflict *c; struct uses *next; struct fwd *f; };
struct chain1 { struct uses *u; }; struct chain1 *gc4; int f4(struct chain1 *c, struct conflict *q) { return 0; }
