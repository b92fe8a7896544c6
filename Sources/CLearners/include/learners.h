/// learners: regression models for tables, from any language that can call C.
///
///   learners_table *table;
///   learners_table_create(rows, &table);
///   learners_table_add_matrix(table, NULL, LEARNERS_FLOAT64, x, columns, 8 * columns, 8);
///   learners_table_add_numbers(table, "price", LEARNERS_FLOAT64, y, 8);
///   learners_model *model;
///   if (learners_fit("ridge", NULL, 0, table, "price", NULL, &model) != LEARNERS_OK) puts(learners_last_error());
///   learners_predict(model, table, NULL, predictions, rows);
///   learners_model_save(model, "price.safetensors");
///
/// Status. Every function that can fail returns a `learners_status`; what went wrong is in `learners_last_error`, and nothing is
/// written through the pointers for results. Whatever is passed, but pointers to memory that is not there, is answered by a
/// status and never ends the process.
///
/// Ownership. What is passed is read before the function returns and copied where it is needed longer: it stays the caller's.
/// A handle (`learners_table *`, `learners_model *`, `learners_comparison *`) or text that a function hands out is the caller's and
/// goes back to the function of its kind that ends in `_free`; these take NULL.
///
/// Threads. A fitted model and a comparison never change: any number of threads may use one at the same time. A table may be read by
/// several threads as long as none adds to it. The process has one budget of threads (`learners_set_threads`), which concurrent calls
/// share; results do not depend on it. After a fork the child works on, with one thread.
///
/// Texts are UTF-8 and end with a zero. Predictions are in units of the target, on its own scale. NaN stands for a missing value.
#ifndef LEARNERS_H
#define LEARNERS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LEARNERS_VERSION "0.1.0"

/// 0, or a reason as in the exit status of the program `learners`.
typedef int32_t learners_status;

enum {
  LEARNERS_OK = 0,
  /// An argument that no data could make right: a pointer that is NULL, an unknown learner, a parameter out of its range.
  LEARNERS_BAD_ARGUMENT = 64,
  /// Rows that cannot be learned from or predicted, or a file that is no model.
  LEARNERS_BAD_DATA = 65,
  LEARNERS_NO_INPUT = 66,
  /// A defect of this library.
  LEARNERS_INTERNAL = 70,
  LEARNERS_CANNOT_WRITE = 73,
  LEARNERS_NO_PERMISSION = 77,
  /// The function for progress has asked for it.
  LEARNERS_CANCELLED = 130,
};

/// How numbers lie in memory.
typedef int32_t learners_type;

enum { LEARNERS_FLOAT64 = 1, LEARNERS_FLOAT32 = 2 };

/// Rows with named columns of one length, under construction or to be read.
typedef struct learners_table learners_table;
/// A fitted model with all that it needs to predict rows as they come.
typedef struct learners_model learners_model;
/// Models that were compared on the same folds of the same rows.
typedef struct learners_comparison learners_comparison;

/// Is called now and then, about ten times a second, by the thread that called the function which takes long.
/// - stage: what is going on, such as "boosting"; valid during the call.
/// - fraction: how much of all is done, 0 ... 1, or NaN where that is not known.
/// - returns: 0 to go on; anything else ends the work within a moment: the status is LEARNERS_CANCELLED.
typedef int32_t (*learners_progress)(void *context, const char *stage, double fraction);

enum {
  /// Columns may equal the target; without it that is an error, for a model would only copy them.
  LEARNERS_ALLOW_LEAKS = 1,
  /// The target may be the same in every row.
  LEARNERS_ALLOW_CONSTANT_TARGET = 2,
  /// A setting that another one makes idle (gamma of a linear kernel) is left out; without it that is an error.
  LEARNERS_IGNORE_IDLE = 4,
  /// Each model of a comparison is the mean of the models of its folds, in the place of one that is fitted to all rows. Not with `time`.
  LEARNERS_BAG = 8,
};

/// Where a pointer to it is NULL, all is as if it were zero but for its size.
typedef struct learners_options {
  /// sizeof(learners_options): later versions have more at its end.
  uint64_t size;
  /// The key of every random number.
  uint64_t seed;
  /// "auto": the logarithm where the target has a long tail; "none"; "log1p". NULL: "auto".
  const char *target_transform;
  /// LEARNERS_ALLOW_LEAKS and so on, added up.
  uint64_t flags;
  /// NULL for a function that can neither be watched nor ended.
  learners_progress progress;
  /// Handed to `progress`.
  void *context;
  /// The column that says what a row counts: k is k copies of it, 0 none. NULL: each counts once.
  const char *weights;
  /// The column that names what rows belong to, such as their owner: whole groups are held out, and it is no feature. NULL: rows stand for
  /// themselves.
  const char *groups;
  /// The column of numbers that says when a row was: later rows are held out behind earlier ones, and it stays a feature. Not together
  /// with `groups`.
  const char *time;
  /// How often a comparison deals the rows into folds, each time anew: scores are means over all. 0 is 1. More than 1 neither with given
  /// folds nor with `time`.
  int64_t repeats;
} learners_options;

// MARK: The library

/// Such as "0.1.0".
const char *learners_version(void);

/// What went wrong in the last function of this thread that failed: what, why, what to do. Valid until the next call; never NULL.
const char *learners_last_error(void);

/// JSON: version, threads, BLAS kernels, and all learners with their parameters.
learners_status learners_info(char **json);

/// Threads that all calls together may use. The default is all cores that the process may run on.
learners_status learners_set_threads(int64_t threads);

void learners_text_free(char *text);

// MARK: Tables

/// - rows: 0 ... 2^31 - 1.
learners_status learners_table_create(int64_t rows, learners_table **table);

/// Adds a column of numbers.
/// - stride: bytes from the number of one row to that of the next; may be negative or 0.
learners_status learners_table_add_numbers(
    learners_table *table, const char *name, learners_type type, const void *values, int64_t stride);

/// Adds a column for each column of a matrix of numbers.
/// - names: one a column; NULL for x0, x1, … as there are numbers of columns.
/// - row_stride, column_stride: bytes from a row or column to the next.
learners_status learners_table_add_matrix(
    learners_table *table, const char *const *names, learners_type type, const void *values, int64_t columns,
    int64_t row_stride, int64_t column_stride);

/// Adds a column of categories.
/// - codes: one a row: the place of its text among `levels`, or -1 where it is missing.
/// - levels: distinct texts.
/// - asked: not 0 where the column holds categories for sure; with 0 a column whose texts nearly all differ is left out as an identifier.
learners_status learners_table_add_categories(
    learners_table *table, const char *name, const int32_t *codes, const char *const *levels, int64_t level_count,
    int32_t asked);

void learners_table_free(learners_table *table);

// MARK: Models

/// Fits a learner to all rows that have a target.
/// - learner: "ridge", "svr", "forest", "extra-trees", "boosting", "mlp" or "mean".
/// - settings: parameters that differ from their defaults, each "name=value" with the names of `learners_info`.
/// - target: the column to predict; NULL for the last one. All others are features.
learners_status learners_fit(
    const char *learner, const char *const *settings, int64_t setting_count, const learners_table *table,
    const char *target, const learners_options *options, learners_model **model);

/// Predicts every row of a table that has the model's columns, in any order; others are ignored.
/// - statistic: "mean" or "median" of a row's target, where the model knows it; NULL for what it predicts.
/// - predictions: `count` numbers, one a row.
learners_status learners_predict(
    const learners_model *model, const learners_table *table, const char *statistic, double *predictions, int64_t count);

/// Predicts rows of a matrix whose columns are the model's features in their order: numbers, or the place of a level. For few rows
/// this is the fastest way.
/// - predictions: `rows` numbers.
learners_status learners_predict_matrix(
    const learners_model *model, learners_type type, const void *values, int64_t rows, int64_t columns,
    int64_t row_stride, int64_t column_stride, double *predictions);

/// Predicts the quantiles of a model that has several, rows x levels, row by row.
/// - quantiles: `count` numbers.
learners_status learners_predict_quantiles(
    const learners_model *model, const learners_table *table, double *quantiles, int64_t count);

/// For each row the range that holds a share of the targets of rows like it. Models of a comparison know it from rows that they were not
/// fitted on; others do not.
/// - level: the share, such as 0.9.
/// - low, high: `count` numbers each, one a row.
learners_status learners_predict_interval(
    const learners_model *model, const learners_table *table, double level, double *low, double *high, int64_t count);

/// What each feature adds to the predictions, rows x features, row by row: with `base` they add up to the prediction on the scale that
/// the model was fitted on (`scale` in its description).
/// - contributions: `count` numbers.
learners_status learners_explain(
    const learners_model *model, const learners_table *table, double *contributions, int64_t count, double *base);

/// JSON: learner, parameters, features with their levels and importance, target, what is predicted, notes about the data.
learners_status learners_model_describe(const learners_model *model, char **json);

/// Writes the model's file, which every program of this project reads, as a whole or not at all.
learners_status learners_model_save(const learners_model *model, const char *path);

/// Reads a model's file. A damaged or hostile file is LEARNERS_BAD_DATA.
learners_status learners_model_load(const char *path, learners_model **model);

/// The bytes that `learners_model_save` would write.
learners_status learners_model_encode(const learners_model *model, uint8_t **bytes, int64_t *count);

learners_status learners_model_decode(const uint8_t *bytes, int64_t count, learners_model **model);

/// The model as an ONNX file: how columns are prepared, what was learned, and the way back to the target's own scale, in one graph.
/// Where all features are numbers its input is a matrix X, NaN where a value is missing; else each feature is an input of one column
/// that has its name, and categories are texts, the empty one for a missing value. Its output Y has one column, what
/// `learners_predict` gives without a statistic.
/// - type: of the numbers that go in and come out; most runtimes expect LEARNERS_FLOAT32.
/// - columns, places: X may have more columns than the model has features, or have them in another order: how many there are, and of each feature
///   which. NULL for those of the model, in its order; of a model with categories always.
/// A model without ONNX form is LEARNERS_BAD_ARGUMENT: `learners_last_error` says which. The bytes are the caller's.
learners_status learners_model_export_onnx(
    const learners_model *model, learners_type type, int64_t columns, const int64_t *places, uint8_t **bytes, int64_t *count);

void learners_bytes_free(uint8_t *bytes);

void learners_model_free(learners_model *model);

// MARK: Comparisons

/// Cross-validates learners on the same folds, and fits each on all rows.
/// - models: their names separated by commas, or "all": with a blend of them, where they can be blended, as the last.
/// - settings: "learner.name=value", or several values to choose from, "svr.c=1,3,10".
/// - folds: the fold of each row, 0, 1, … or -1 for a row that is never held out; NULL for `cv` folds: of rows that are shuffled, of whole
///   groups or of stretches of time, as the options say.
learners_status learners_compare(
    const char *models, const char *const *settings, int64_t setting_count, const learners_table *table,
    const char *target, const int32_t *folds, int64_t cv, const learners_options *options,
    learners_comparison **comparison);

/// JSON: the models in the order asked for with their scores and times, the best, notes and warnings.
learners_status learners_comparison_describe(const learners_comparison *comparison, char **json);

/// A model by its place in that order.
learners_status learners_comparison_model(
    const learners_comparison *comparison, int64_t place, learners_model **model);

/// What a model predicted for each row while the row's fold was held out; NaN for a row of no fold or without a target. Where rows were
/// dealt into folds several times, the mean of what was predicted each time.
/// - predictions: `count` numbers, one a row of the table.
learners_status learners_comparison_predictions(
    const learners_comparison *comparison, int64_t place, double *predictions, int64_t count);

void learners_comparison_free(learners_comparison *comparison);

#ifdef __cplusplus
}
#endif

#endif
