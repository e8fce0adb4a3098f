// A module that needs what no kernel exports: to load it must fail.

#include <linux/module.h>

void klink_is_not_there(void);

static int __init missing_init(void)
{
	klink_is_not_there();
	return 0;
}

module_init(missing_init);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Cannot be loaded");
