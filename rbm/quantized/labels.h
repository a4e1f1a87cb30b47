// The interface of models with labels: which of `count` classes is it? The model of bits or of readings is
// the one given label 0; each label has hidden biases of its own. label_functions.h defines what is only
// declared here.
//
//     int32_t scores[GESTURE_LABELS];
//     uint32_t scratch[RBM_REAL_LABEL_SCRATCH_WORDS(GESTURE_VISIBLE, GESTURE_HIDDEN, GESTURE_FACTORS)];
//     size_t label = rbm_real_classify(&gesture, rbm_from_int16(readings), scores, scratch);
//     if (rbm_label_free_energy(&gesture.base.base, scores, GESTURE_LABELS) > GESTURE_LIMIT) none_of_these();
//
// All that other functions do, they do given a label, too:
//
//     rbm_quantized seven = rbm_given_label(&digits, 7);
//     rbm_gibbs_step(&seven, picture, NULL, &random, scratch);  // makes up a seven
//
// A label drawn given the picture (rbm_draw_label), and a picture drawn given the label, in turn, sample the
// distribution of both.
#pragma once

#include "real.h"
#include "stream.h"

/// The version of the structs rbm_classifier and rbm_real_classifier, which a generated header checks.
#define RBM_LABELS_FORMAT 1

/// Length of the uint32_t array that functions on an rbm_classifier work in (164 bytes for 64 and 16 units).
/// It serves the functions on its base, too.
#define RBM_LABEL_SCRATCH_WORDS(visible, hidden) \
  (RBM_ROW_WORDS(visible, 8) + (RBM_ROW_WORDS(visible, 8) + 1) / 2 + (hidden) + 1)

/// The same of an rbm_real_classifier (204 bytes for 64 and 16 units and 2 factors).
#define RBM_REAL_LABEL_SCRATCH_WORDS(visible, hidden, factors) \
  (((visible) + 7) / 8 * 4 + (factors) + (hidden) + 1)

/// The labels of a model, whose energy is
///     E(v, y, h) = E(v, h) of the model with the hidden biases of label y, less bias[y]
/// in steps of the model. Its table of hidden biases is [count][hidden], in which row y is c + U_y.
typedef struct rbm_labels {
  uint16_t count;       ///< 2 to 256
  const int16_t* bias;  ///< [count], d
#ifdef __AVR_HAVE_ELPM__
  uint32_t (*banks)(void);   ///< the highest byte of the address of `bias`
  uint32_t (*beyond)(void);  ///< the model's banks for hidden biases in the next 64 KB
#endif
} rbm_labels;

/// A model of bits with labels. `base` is the model given label 0; its `hidden_bias` is
/// [labels.count][hidden], its `checksum` what rbm_classifier_checksum finds.
typedef struct rbm_classifier {
  rbm_quantized base;
  rbm_labels labels;
} rbm_classifier;

/// A model of readings with labels, likewise: base.base.hidden_bias is [labels.count][hidden].
typedef struct rbm_real_classifier {
  rbm_real base;
  rbm_labels labels;
} rbm_real_classifier;

/// The likeliest label given the visible units, the first of equals. `scores_out`, [labels.count], gets
///     -F(v, y) = d_y + b'v + sum_i log(1 + exp(c_i + U_iy + W_i v))
/// in steps of 2^-fraction nat, so that p(y | v) is their softmax. The error is at most 1/8000 nat for each
/// hidden unit.
static inline size_t rbm_classify(const rbm_classifier* classifier, rbm_input input, int32_t* scores_out,
                                  uint32_t* scratch);

/// The same given readings, with the visible units' part of their energy (real.h) in the place of b'v.
static inline size_t rbm_real_classify(const rbm_real_classifier* classifier, rbm_readings readings,
                                       int32_t* scores_out, uint32_t* scratch);

/// The model given a label, 0 to labels.count - 1, for all functions but rbm_checksum.
static inline rbm_quantized rbm_given_label(const rbm_classifier* classifier, size_t label);

/// The same of a model of readings.
static inline rbm_real rbm_real_given_label(const rbm_real_classifier* classifier, size_t label);

/// The free energy of the visible units, F(v) = -log sum_y exp(score_y), in steps of the model: the larger,
/// the less do they look like any of the classes. `model` is the classifier's rbm_quantized, `scores` are
/// those of a classification, `count` of them. The error is at most 1/300 nat more than that of the scores.
static inline int32_t rbm_label_free_energy(const rbm_quantized* model, const int32_t* scores, size_t count);

/// 65536 * p(label | v), saturating at 65535: the share of exp(score) among all. The error is at most 4, and
/// half a step of the scores.
static inline uint16_t rbm_label_probability(const rbm_quantized* model, const int32_t* scores, size_t count,
                                             size_t label);

/// Draws a label from p(y | v). Takes count - 1 numbers from the generator.
static inline size_t rbm_draw_label(const rbm_quantized* model, const int32_t* scores, size_t count,
                                    rbm_random* random);

/// Classifies the window that rbm_stream_ready took; its detector's model is the classifier's base. Where
/// readings are missing in it, the answer is labels.count, and scores are not written.
static inline size_t rbm_stream_classify(rbm_stream* stream, const rbm_real_classifier* classifier,
                                         int32_t* scores_out, uint32_t* scratch);

/// The CRC-32 of all that rbm_checksum sees, then labels.count (2 bytes), the hidden biases of the labels
/// from 1 on and the biases of labels, the lowest byte first. Where it differs from base.checksum, the model
/// was damaged.
static inline uint32_t rbm_classifier_checksum(const rbm_classifier* classifier);

/// The same of a model of readings: of all that rbm_real_checksum sees, then of the labels.
static inline uint32_t rbm_real_classifier_checksum(const rbm_real_classifier* classifier);
