/* The sub-commands of goldenthread-api. Each takes its own argv (argv[0] is its name) and gives the
 * process exit status: 0 good, 1 failed, 2 wrong usage. */
#pragma once

int command_check_config(int argc, char **argv);
int command_healthcheck(int argc, char **argv);
int command_import(int argc, char **argv);
int command_key(int argc, char **argv);
int command_lead(int argc, char **argv);
int command_migrate(int argc, char **argv);
int command_person(int argc, char **argv);
int command_routes(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_timescale(int argc, char **argv);
int command_verify_changes(int argc, char **argv);
