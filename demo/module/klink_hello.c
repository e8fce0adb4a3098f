// A module outside the kernel tree. Loading it needs vmlinux's exports in order; building it needs the symvers and,
// for its own BTF, the vmlinux that klink made. Only that BTF knows klink_greet and struct greeting (demo/bpf).

#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct greeting {
	struct list_head list;
	char text[32];
	int said;
};

static LIST_HEAD(greetings);
static DEFINE_MUTEX(lock);

static noinline __noclone void klink_greet(struct greeting *g, int times)
{
	g->said += times;
	pr_info("klink_hello: %s, %d times\n", g->text, times);
}

// One digit, written to /sys/module/klink_hello/parameters/greet.
static int set_greet(const char *value, const struct kernel_param *param)
{
	mutex_lock(&lock);
	klink_greet(list_first_entry(&greetings, struct greeting, list), *value - '0');
	mutex_unlock(&lock);
	return 0;
}

static const struct kernel_param_ops greet_ops = { .set = set_greet };
module_param_cb(greet, &greet_ops, NULL, 0200);

static int __init hello_init(void)
{
	struct greeting *g = kmalloc(sizeof(*g), GFP_KERNEL);

	if (!g)
		return -ENOMEM;
	g->said = 0;
	snprintf(g->text, sizeof(g->text), "hello from a module");
	mutex_lock(&lock);
	list_add(&g->list, &greetings);
	mutex_unlock(&lock);
	pr_info("klink_hello: %s\n", g->text);
	return 0;
}

static void __exit hello_exit(void)
{
	struct greeting *g, *next;

	list_for_each_entry_safe(g, next, &greetings, list)
		kfree(g);
}

module_init(hello_init);
module_exit(hello_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Says hello");
