// Counts executed instructions by function: a plugin for QEMU's emulators (interface version 1, QEMU 4.2 to
// 8).
//   gcc -shared -fPIC -O2 tools/bench/instruction_counter.c -o counter.so
//   qemu-system-arm -plugin ./counter.so,out=counts.txt ...
// writes a line for each function: its name and the instructions that it executed, without those of functions
// that it called. The prototypes are written out because Debian ships no header for them.

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORTED __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct block;
struct instruction;

extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, void (*call)(plugin_id, struct block*));
extern void qemu_plugin_register_atexit_cb(plugin_id id, void (*call)(plugin_id, void*), void* data);
extern size_t qemu_plugin_tb_n_insns(const struct block* block);
extern struct instruction* qemu_plugin_tb_get_insn(const struct block* block, size_t index);
extern const char* qemu_plugin_insn_symbol(const struct instruction* instruction);
extern void qemu_plugin_register_vcpu_insn_exec_inline(struct instruction* instruction, int operation,
                                                       void* counter, uint64_t step);

EXPORTED int qemu_plugin_version = 1;
EXPORTED int qemu_plugin_install(plugin_id id, const void* info, int count, char** arguments);

enum { most_functions = 1000 };
static struct {
  const char* name;
  uint64_t executed;
} functions[most_functions];
static const char* output;

static uint64_t* counter_of(const char* name) {
  size_t n = 0;
  while (functions[n].name != NULL && strcmp(functions[n].name, name) != 0) ++n;
  if (n + 1 == most_functions) abort();
  if (functions[n].name == NULL) functions[n].name = strdup(name);
  return &functions[n].executed;
}

static void on_translated(plugin_id id, struct block* block) {
  (void)id;
  for (size_t n = 0; n < qemu_plugin_tb_n_insns(block); ++n) {
    struct instruction* const instruction = qemu_plugin_tb_get_insn(block, n);
    const char* const name = qemu_plugin_insn_symbol(instruction);
    const int add = 0;
    qemu_plugin_register_vcpu_insn_exec_inline(instruction, add, counter_of(name ? name : "unknown"), 1);
  }
}

static void at_end(plugin_id id, void* data) {
  (void)id;
  (void)data;
  FILE* const file = fopen(output, "w");
  if (file == NULL) return;
  for (size_t n = 0; functions[n].name != NULL; ++n)
    fprintf(file, "%s %" PRIu64 "\n", functions[n].name, functions[n].executed);
  fclose(file);
}

int qemu_plugin_install(plugin_id id, const void* info, int count, char** arguments) {
  (void)info;
  for (int n = 0; n < count; ++n)
    if (strncmp(arguments[n], "out=", 4) == 0) output = strdup(arguments[n] + 4);
  if (output == NULL) return -1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translated);
  qemu_plugin_register_atexit_cb(id, at_end, NULL);
  return 0;
}
