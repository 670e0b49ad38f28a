// The floor: libyaml's bare event loop over the files that portlint would read, each read as portlint reads it.
//
//   yaml-loop PATH ...    files, and folders that are walked for *.yaml, *.yml and *.json
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

static long events;

static void read_events(const unsigned char *bytes, size_t count) {
  yaml_parser_t parser;
  yaml_event_t event;
  if (!yaml_parser_initialize(&parser)) exit(2);
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, bytes, count);
  for (int is_end = 0; !is_end;) {
    if (!yaml_parser_parse(&parser, &event)) break;
    is_end = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
    events++;
  }
  yaml_parser_delete(&parser);
}

static void read_file(const char *path) {
  struct stat status;
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 || fstat(descriptor, &status) != 0) exit(2);
  unsigned char *bytes = malloc((size_t)status.st_size + 1);
  size_t count = 0;
  for (ssize_t got; (got = read(descriptor, bytes + count, (size_t)status.st_size + 1 - count)) > 0;) count += (size_t)got;
  close(descriptor);
  read_events(bytes, count);
  free(bytes);
}

static int is_manifest(const char *name) {
  const char *dot = strrchr(name, '.');
  return dot && (!strcmp(dot, ".yaml") || !strcmp(dot, ".yml") || !strcmp(dot, ".json"));
}

static void walk(const char *path) {
  DIR *folder = opendir(path);
  if (!folder) {
    read_file(path);
    return;
  }
  for (struct dirent *entry; (entry = readdir(folder));) {
    char below[4096];
    if (entry->d_name[0] == '.') continue;
    snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
    if (entry->d_type == DT_DIR) walk(below);
    else if (is_manifest(entry->d_name)) read_file(below);
  }
  closedir(folder);
}

int main(int count, char **arguments) {
  for (int number = 1; number < count; number++) walk(arguments[number]);
  printf("%ld\n", events);
  return 0;
}
