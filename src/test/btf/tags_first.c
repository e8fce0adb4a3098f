// Clang's tags of declarations: of all that can have some, as a whole and on parts. tags_second.c has some of the same types, with other tags.
#ifdef __clang__
#define tag(t) __attribute__((btf_decl_tag(t)))
#else
#define tag(t)
#endif
struct tag("whole") tagged { int a tag("first") tag("twice"); int b; struct tagged *n tag("third"); int bits:3 tag("bits"); struct { int in tag("inner"); } tag("anonymous") s;
    union { int q tag("q"); long r tag("r"); }; };
typedef struct tagged tagged_t tag("alias");
union tag("union") either { int x tag("x"); long y; };
typedef int proto(int a tag("of a prototype"));
struct tag("declared") unknown;
struct tagged tagged_global tag("not per CPU");
static int tag("static") is_inlined(int a tag("a"), int b) { return a + b; }
int (*keeps)(int, int) = is_inlined;
int tagged_parameters(char *a tag("x") tag("y"), int b, long c tag("z"), ...) tag("function");
int tagged_parameters(char *a tag("x") tag("y"), int b, long c tag("z"), ...) { return is_inlined(*a, b) + is_inlined(b, c); }
int declared_first(int k tag("k")) tag("declared first");
int declared_first(int k) { struct tag("local") local { int l tag("l"); } v = {k}; return v.l; }
int uses(tagged_t *a, union either *b, proto *c, struct unknown *d) { return a->a + b->x + c(3) + (d != 0); }
struct chip; struct tag("user") user { struct chip *chip tag("chip"); };
struct tag("one") chip { int one tag("one"); };
struct user user_of_one;
