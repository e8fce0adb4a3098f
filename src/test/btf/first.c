// Names that mean something else in second.c, and what refers to them.
typedef unsigned long u64;
struct only_fwd; struct fwd; enum efwd { E1, E2, E3 };
struct conflict { int a; }; struct uses { struct conflict *c; struct uses *next; struct fwd *f; };
struct uses *gu2; enum efwd *gef2;
struct chain1 { struct uses *u; }; struct chain1 *gc;
int f2(struct uses *u, struct conflict *c) { return c->a; }
static int same(int x) { return x; } int (*gs)(int) = same;
