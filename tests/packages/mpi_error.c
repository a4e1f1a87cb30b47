/* For mpi_faults_test.sh: preloaded into ranks, the connection breaks for the one that RBM_BROKEN_RANK names,
 * once it has worked for a while. */
#include <mpi.h>
#include <stdlib.h>

int MPI_Testall(int count, MPI_Request requests[], int* done, MPI_Status statuses[]) {
  static int calls;
  int rank = 0;
  PMPI_Comm_rank(MPI_COMM_WORLD, &rank);
  const int broken = rank == atoi(getenv("RBM_BROKEN_RANK")) && ++calls > 1000;
  return broken ? MPI_ERR_OTHER : PMPI_Testall(count, requests, done, statuses);
}
