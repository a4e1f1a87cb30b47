// Counts what a rank of an MPI program receives from the others, by MPI's profiling interface. Built as a
// library to preload, it prints a line for each rank at its end:
//
//     mpicc -O2 -shared -fPIC -o build/ranks_messages.so tools/bench/ranks_messages.c
//     mpirun -n 2 -x LD_PRELOAD=build/ranks_messages.so build/mpi/rbm ...
//
// platform/mpi receives with MPI_Irecv alone, each time exactly what comes.

#include <mpi.h>
#include <stdio.h>

static unsigned long long messages, bytes;

int MPI_Irecv(void* data, int count, MPI_Datatype type, int from, int tag, MPI_Comm comm,
              MPI_Request* request) {
  int size = 0;
  PMPI_Type_size(type, &size);
  ++messages;
  bytes += (unsigned long long)count * (unsigned)size;
  return PMPI_Irecv(data, count, type, from, tag, comm, request);
}

int MPI_Finalize(void) {
  int rank = 0;
  PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
  fprintf(stderr, "received: rank %d messages %llu bytes %llu\n", rank, messages, bytes);
  return PMPI_Finalize();
}
