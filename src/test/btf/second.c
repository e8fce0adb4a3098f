// See first.c; and two structs of one name in one function.
typedef unsigned long u64;
struct only_fwd { long real; }; struct fwd;
struct conflict { long b; }; struct uses { struct conflict *c; struct uses *next; struct fwd *f; };
struct uses *gu3; struct only_fwd *gof;
struct chain1 { struct uses *u; }; struct chain1 *gc3;
int f3(struct uses *u, struct conflict *c, struct only_fwd *o) { return c->b; }
static long same(long x) { return x; } long (*gs3)(long) = same;
int twostructs(int k) { if (k) { struct loc { int a; } l = {k}; return l.a; } else { struct loc { long b; } l = {k}; return l.b; } }
