// BPF programs that attach by the kernel's BTF, and read its structs by it.
//
// Each struct below has only the members that are read, so none is where the kernel has it: the offsets that are compiled
// in are wrong, and libbpf puts in those of the kernel's BTF (a CO-RE relocation for each member). The verifier then looks
// up, in the same BTF, what type is there. attach.c knows what must have been read.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>
#include "seen.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct inode { unsigned long i_ino; };
struct qstr { unsigned len; };                          // in the kernel it is in a struct without a name, in a union without one
struct dentry { struct qstr d_name; };
struct path { struct dentry *dentry; };
struct file { struct inode *f_inode; struct path f_path; };
struct task_struct { unsigned in_execve : 1; int pid, tgid; };
struct linux_binprm;

// A member of this one has its type in vmlinux's BTF, all else is in the BTF of the module klink_hello.
struct list_head { struct list_head *next; };
struct greeting { int said; struct list_head list; };

#pragma clang attribute pop

char LICENSE[] SEC("license") = "GPL";
struct seen seen;

SEC("fentry/vfs_write")
int BPF_PROG(on_write, struct file *file, const char *from, unsigned long count)
{
    if (count == WRITTEN && bpf_get_current_pid_tgid() >> 32 == seen.process) {
        seen.writes++;
        seen.inode = file->f_inode->i_ino;
        seen.name_length = file->f_path.dentry->d_name.len;
    }
    return 0;
}

// What type the helper gives back is told by an id in .BTF_ids.
SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
    struct task_struct *current = bpf_get_current_task_btf();
    if (current->tgid == seen.process && parent->pid == current->pid) {
        seen.forks++;
        seen.thread = child->pid;
        seen.thread_process = child->tgid;
        seen.thread_execs = BPF_CORE_READ_BITFIELD(child, in_execve);
    }
    return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
    seen.execs++;
    seen.program_execs = BPF_CORE_READ_BITFIELD(task, in_execve);
    return 0;
}

SEC("fentry/klink_greet")
int BPF_PROG(on_greeting, struct greeting *greeting, int times)
{
    seen.greetings++;
    seen.times = times;
    seen.said = greeting->said;
    seen.closed = greeting->list.next->next == &greeting->list;     // a list with one entry
    return 0;
}
