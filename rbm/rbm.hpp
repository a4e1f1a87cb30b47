/// rbm: restricted Boltzmann machines, from a desktop to a microcontroller with 16 KB of RAM.
///
/// The guided tour. A model is W, b and c, with E(v,h) = -b'v - c'h - h'Wv:
///
///     static rbm::Rbm<64, 24> model;                             model.hpp: sizeof(model) is its RAM
///     rbm::Xoshiro128 random = rbm::Xoshiro128::seeded(1);       random.hpp: generators are always explicit
///     rbm::initialize(model, random);
///
/// A desktop trains batches (trainer.hpp), a device one sample at a time in place (online.hpp). Both take
/// intensities from 0 to 1, and work in memory that the caller hands them (memory.hpp):
///
///     static rbm::Memory<rbm::trainer_bytes<rbm::Adam>({64, 24, 10})> memory;
///     rbm::Trainer<rbm::Adam> trainer(model, memory, {64, 24, 10});
///     rbm::train(trainer, batch);
///
/// Visible units are binary or real, Gaussian with a learned deviation (visible.hpp): real readings have an
/// offset and a scale, which scales.hpp learns. A real model is rbm::RealRbm<64, 24>. Or they are a choice, of
/// which one is on: labels, the last units. labels.hpp has their exact probabilities given the others, and
/// label_gradient.hpp lets a trainer learn these as well as the distribution, or alone.
///
/// A state is the list of units that are on (bits.hpp). gibbs.hpp has probabilities, draws and chains, and
/// energy.hpp has energies. Three headers say how good a model is: pseudo_likelihood.hpp cheaply,
/// partition.hpp exactly for small models, annealing.hpp for any size. partition_ratio.hpp says what a change
/// of a model costs.
///
/// Every function takes views (matrix.hpp). Fixed-size types and the caller's buffers both turn into views,
/// so that the same code serves sizes known at compile time and sizes read from a file. Where memory allows,
/// two_way_weights.hpp keeps a second, transposed copy of W.
///
/// Processors without floating point learn by the same steps in 16-bit fixed point: from intensities
/// (fixed_point.hpp, fixed_point_online.hpp), and from readings (fixed_point_real.hpp,
/// fixed_point_real_online.hpp). Of readings, fixed_point_detector.hpp learns what is usual and flags what is
/// not, by limits of running_quantile.hpp, and saved_state.hpp keeps it over a loss of power. quantizer.hpp
/// rounds a model to the integers of the device runtime, quantized.h, which is C99 and stands alone; pack.hpp
/// packs them for it, and unpack.hpp makes of a generated header a model that learns on.
///
/// On a device a choice may be a label too, or the level of a reading (reading_levels.hpp). choice.hpp has its
/// exact probabilities given the others, and choice_online.hpp learns them example by example, in floats or in
/// fixed point. alarm.hpp makes alarms of a stream's scores.
///
/// Every function takes its arguments in one order: what it changes, what it reads, options, the part of the
/// work (`begin` up to `end`), and randomness or threads last. Every constructor takes the model, the memory,
/// the shape, and options.
///
/// What includes what, left never right:
///
///     config <- bits, math, random <- block <- matrix <- panels <- memory;  matrix <- visible
///     memory, visible <- model <- gibbs, energy <- gradient
///     math <- log_sum <- visible;  energy, two_way_weights <- labels <- label_gradient <- phases
///     gibbs <- phases <- gradient;  visible <- reconstruction <- gradient;  bits, matrix <- parallel
///     phases, parallel <- phase_exchange <- gradient
///     math, block <- arithmetic
///     memory, model, parallel <- two_way_weights <- gradient, annealing;  parallel <- phases
///     gradient <- centring, scales <- trainer_memory;  optimizer <- trainer_memory;  centring <- update
///     trainer_memory, update <- batch_update <- trainer;  gradient <- sparsity, batch_report <- trainer
///     gibbs, energy <- online;  energy <- pseudo_likelihood, partition
///     gibbs, energy <- annealing <- partition_ratio
///     gibbs <- fixed_point <- fixed_point_online, fixed_point_real <- fixed_point_real_online
///     config <- running_quantile;  running_quantile, fixed_point_real_online <- fixed_point_detector
///     fixed_point_detector <- saved_state
///     energy, fixed_point_real, fixed_point_log <- choice;  choice, fixed_point_real_online <- choice_online
///     config <- fixed_point_log, reading_levels <- alarm
///     gibbs <- quantizer;  quantized.h alone
///     quantizer, quantized.h <- pack;  fixed_point_real, quantized.h <- unpack (by themselves, not included here)
///
/// The same seed, data and options give the same bits on every machine, as long as all is compiled with
/// -ffp-contract=off, and compiled and linked without -ffast-math and its parts. Not all of this shows when
/// it compiles: a program may ask arithmetic_is_exact() (arithmetic.hpp) at its start.
#pragma once

#include "alarm.hpp"
#include "annealing.hpp"
#include "arithmetic.hpp"
#include "batch_report.hpp"
#include "batch_update.hpp"
#include "bits.hpp"
#include "block.hpp"
#include "centring.hpp"
#include "choice.hpp"
#include "choice_online.hpp"
#include "config.hpp"
#include "energy.hpp"
#include "fixed_point.hpp"
#include "fixed_point_detector.hpp"
#include "fixed_point_log.hpp"
#include "fixed_point_online.hpp"
#include "fixed_point_real.hpp"
#include "fixed_point_real_online.hpp"
#include "gibbs.hpp"
#include "gradient.hpp"
#include "label_gradient.hpp"
#include "labels.hpp"
#include "log_sum.hpp"
#include "math.hpp"
#include "matrix.hpp"
#include "memory.hpp"
#include "model.hpp"
#include "online.hpp"
#include "optimizer.hpp"
#include "panels.hpp"
#include "parallel.hpp"
#include "partition.hpp"
#include "partition_ratio.hpp"
#include "phase_exchange.hpp"
#include "phases.hpp"
#include "pseudo_likelihood.hpp"
#include "quantized_layer.hpp"
#include "quantizer.hpp"
#include "random.hpp"
#include "reading_levels.hpp"
#include "reconstruction.hpp"
#include "running_quantile.hpp"
#include "saved_state.hpp"
#include "scales.hpp"
#include "sparsity.hpp"
#include "trainer.hpp"
#include "trainer_memory.hpp"
#include "two_way_weights.hpp"
#include "update.hpp"
#include "visible.hpp"
