// A module outside the kernel tree. Loading it needs vmlinux's exports in order; building it needs the symvers and,
// for its own BTF, the vmlinux that klink made.

#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct greeting {
	struct list_head list;
	char text[32];
};

static LIST_HEAD(greetings);
static DEFINE_MUTEX(lock);

static int __init hello_init(void)
{
	struct greeting *g = kmalloc(sizeof(*g), GFP_KERNEL);

	if (!g)
		return -ENOMEM;
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
