// The C interface as a program in C uses it: what it promises, and what it answers to misuse. Ends with 0 where all is as it should be.
#include <learners.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 200, COLUMNS = 3 };

static double x[ROWS][COLUMNS];
static double y[ROWS];
static int failures;

static void check_at(int line, int holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "main.c:%d: %s: last error: %s\n", line, what, learners_last_error());
  failures++;
}
#define check(condition) check_at(__LINE__, (condition), #condition)
#define refused(status, words, call) \
  do { \
    check((call) == (status)); \
    check(strstr(learners_last_error(), (words)) != NULL); \
  } while (0)

static void make_rows(void) {
  unsigned state = 1;
  for (int row = 0; row < ROWS; row++) {
    for (int column = 0; column < COLUMNS; column++) {
      state = state * 1664525u + 1013904223u;
      x[row][column] = state / 4294967296.0;
    }
    y[row] = 3 * x[row][0] - 2 * x[row][1] + x[row][2] * x[row][2];
  }
}

static learners_table *table_of_rows(void) {
  learners_table *table = NULL;
  check(learners_table_create(ROWS, &table) == LEARNERS_OK);
  check(learners_table_add_matrix(table, NULL, LEARNERS_FLOAT64, x, COLUMNS, sizeof x[0], sizeof(double)) == LEARNERS_OK);
  check(learners_table_add_numbers(table, "y", LEARNERS_FLOAT64, y, sizeof(double)) == LEARNERS_OK);
  return table;
}

static double largest_difference(const double *a, const double *b, int count) {
  double largest = 0;
  for (int i = 0; i < count; i++) largest = fmax(largest, fabs(a[i] - b[i]));
  return largest;
}

static void a_weight_is_so_many_copies(void) {
  static double copied_x[3 * ROWS][COLUMNS], copied_y[3 * ROWS], weights[ROWS], found[ROWS], expected[ROWS];
  int copies = 0;
  for (int row = 0; row < ROWS; row++) {
    weights[row] = row * 7 % 4;
    for (int copy = 0; copy < weights[row]; copy++, copies++) {
      memcpy(copied_x[copies], x[row], sizeof x[row]);
      copied_y[copies] = y[row];
    }
  }
  learners_table *weighted = table_of_rows(), *copied = NULL;
  check(learners_table_add_numbers(weighted, "w", LEARNERS_FLOAT64, weights, sizeof(double)) == LEARNERS_OK);
  check(learners_table_create(copies, &copied) == LEARNERS_OK);
  check(learners_table_add_matrix(copied, NULL, LEARNERS_FLOAT64, copied_x, COLUMNS, sizeof x[0], sizeof(double)) == LEARNERS_OK);
  check(learners_table_add_numbers(copied, "y", LEARNERS_FLOAT64, copied_y, sizeof(double)) == LEARNERS_OK);
  learners_options options = {.size = sizeof options, .weights = "w"};
  const char *names[] = {"ridge", "svr", "forest"};
  for (int i = 0; i < 3; i++) {
    learners_model *one = NULL, *other = NULL;
    check(learners_fit(names[i], NULL, 0, weighted, "y", &options, &one) == LEARNERS_OK);
    check(learners_fit(names[i], NULL, 0, copied, "y", NULL, &other) == LEARNERS_OK);
    check(learners_predict(one, weighted, NULL, found, ROWS) == LEARNERS_OK);
    check(learners_predict(other, weighted, NULL, expected, ROWS) == LEARNERS_OK);
    check(largest_difference(found, expected, ROWS) == 0);
    learners_model_free(one);
    learners_model_free(other);
  }
  learners_model *model = NULL;
  options.weights = "nowhere";
  refused(LEARNERS_BAD_DATA, "there is no column nowhere", learners_fit("ridge", NULL, 0, weighted, "y", &options, &model));
  learners_table_free(weighted);
  learners_table_free(copied);
}

static void every_learner_keeps_its_bits(const learners_table *table) {
  const char *names[] = {"mean", "ridge", "svr", "forest", "extra-trees", "boosting", "mlp"};
  const char *few[] = {"estimators=5", "maxIterations=20", "maxEpochs=3"};
  for (int i = 0; i < 7; i++) {
    const char *const *settings = i == 3 || i == 4 ? &few[0] : i == 5 ? &few[1] : i == 6 ? &few[2] : NULL;
    learners_model *model = NULL, *again = NULL;
    check(learners_fit(names[i], settings, settings != NULL, table, "y", NULL, &model) == LEARNERS_OK);
    double whole[ROWS], rows[ROWS], read[ROWS];
    check(learners_predict(model, table, NULL, whole, ROWS) == LEARNERS_OK);
    // One at a time and from the last row to the first: neighbours must not matter, nor how rows lie in memory.
    for (int row = 0; row < ROWS; row++)
      check(learners_predict_matrix(model, LEARNERS_FLOAT64, x[row], 1, COLUMNS, 0, sizeof(double), &rows[row]) == LEARNERS_OK);
    check(largest_difference(whole, rows, ROWS) < (i == 6 ? 1e-5 : 1e-12));
    uint8_t *bytes = NULL;
    int64_t count = 0;
    check(learners_model_encode(model, &bytes, &count) == LEARNERS_OK);
    check(learners_model_decode(bytes, count, &again) == LEARNERS_OK);
    check(learners_predict(again, table, NULL, read, ROWS) == LEARNERS_OK);
    check(memcmp(whole, read, sizeof whole) == 0);
    bytes[count / 2] ^= 1;
    learners_model *damaged = NULL;
    check(learners_model_decode(bytes, count, &damaged) == LEARNERS_BAD_DATA && damaged == NULL);
    learners_bytes_free(bytes);
    learners_model_free(model);
    learners_model_free(again);
  }
}

static void every_learner_is_exported(const learners_table *table) {
  const char *names[] = {"mean", "ridge", "svr", "forest", "extra-trees", "boosting", "mlp"};
  const char *few[] = {"estimators=5", "maxIterations=20", "maxEpochs=3"};
  int64_t places[COLUMNS];
  for (int column = 0; column < COLUMNS; column++) places[column] = column + 1;
  for (int i = 0; i < 7; i++) {
    const char *const *settings = i == 3 || i == 4 ? &few[0] : i == 5 ? &few[1] : i == 6 ? &few[2] : NULL;
    learners_model *model = NULL;
    uint8_t *bytes = NULL;
    int64_t count = 0, wide = 0;
    check(learners_fit(names[i], settings, settings != NULL, table, "y", NULL, &model) == LEARNERS_OK);
    check(learners_model_export_onnx(model, LEARNERS_FLOAT32, 0, NULL, &bytes, &count) == LEARNERS_OK);
    // A ModelProto begins with field 1, the version of its form: 8, or 10 with trees.
    check(count > 100 && bytes[0] == 0x08 && (bytes[1] == 8 || bytes[1] == 10));
    learners_bytes_free(bytes);
    check(learners_model_export_onnx(model, LEARNERS_FLOAT64, COLUMNS + 1, places, &bytes, &wide) == LEARNERS_OK && wide > count);
    learners_bytes_free(bytes);
    bytes = NULL;
    check(learners_model_export_onnx(model, LEARNERS_FLOAT64, COLUMNS, places, &bytes, &wide) == LEARNERS_BAD_ARGUMENT);
    check(learners_model_export_onnx(model, 7, 0, NULL, &bytes, &wide) == LEARNERS_BAD_ARGUMENT);
    check(learners_model_export_onnx(model, LEARNERS_FLOAT32, 0, NULL, NULL, &wide) == LEARNERS_BAD_ARGUMENT && bytes == NULL);
    learners_model_free(model);
  }
  check(learners_model_export_onnx(NULL, LEARNERS_FLOAT32, 0, NULL, NULL, NULL) == LEARNERS_BAD_ARGUMENT);
}

static void layouts_of_memory_are_the_same_to_it(const learners_table *table) {
  learners_model *model = NULL;
  check(learners_fit("forest", (const char *[]){"estimators=3"}, 1, table, NULL, NULL, &model) == LEARNERS_OK);
  double plain[ROWS], turned[ROWS], backwards[ROWS], single[ROWS];
  static double columns[COLUMNS][ROWS];
  static float floats[ROWS][COLUMNS];
  static double rounded[ROWS][COLUMNS];
  for (int row = 0; row < ROWS; row++)
    for (int column = 0; column < COLUMNS; column++) {
      columns[column][row] = x[row][column];
      floats[row][column] = (float)x[row][column];
      rounded[row][column] = floats[row][column];
    }
  int64_t wide = sizeof x[0], one = sizeof(double);
  check(learners_predict_matrix(model, LEARNERS_FLOAT64, x, ROWS, COLUMNS, wide, one, plain) == LEARNERS_OK);
  check(learners_predict_matrix(model, LEARNERS_FLOAT64, columns, ROWS, COLUMNS, one, sizeof columns[0], turned) == LEARNERS_OK);
  check(memcmp(plain, turned, sizeof plain) == 0);
  check(learners_predict_matrix(model, LEARNERS_FLOAT64, x[ROWS - 1], ROWS, COLUMNS, -wide, one, backwards) == LEARNERS_OK);
  for (int row = 0; row < ROWS; row++) check(backwards[row] == plain[ROWS - 1 - row]);
  check(learners_predict_matrix(model, LEARNERS_FLOAT32, floats, ROWS, COLUMNS, sizeof floats[0], sizeof(float), single) == LEARNERS_OK);
  check(learners_predict_matrix(model, LEARNERS_FLOAT64, rounded, ROWS, COLUMNS, wide, one, plain) == LEARNERS_OK);
  check(memcmp(plain, single, sizeof plain) == 0);
  learners_model_free(model);
}

static void categories_and_gaps_are_learned_from(void) {
  int32_t codes[ROWS];
  double target[ROWS], predictions[ROWS];
  for (int row = 0; row < ROWS; row++) {
    codes[row] = row % 4 - 1;
    target[row] = codes[row] * 10 + x[row][0] / 100;
  }
  const char *levels[] = {"brick", "stone", "wood"};
  learners_table *table = NULL;
  check(learners_table_create(ROWS, &table) == LEARNERS_OK);
  check(learners_table_add_categories(table, "wall", codes, levels, 3, 1) == LEARNERS_OK);
  check(learners_table_add_numbers(table, "price", LEARNERS_FLOAT64, target, sizeof(double)) == LEARNERS_OK);
  refused(LEARNERS_BAD_ARGUMENT, "two columns are called wall", learners_table_add_categories(table, "wall", codes, levels, 3, 1));
  codes[7] = 3;
  refused(LEARNERS_BAD_DATA, "row 7, column roof", learners_table_add_categories(table, "roof", codes, levels, 3, 1));
  learners_model *model = NULL;
  check(learners_fit("extra-trees", (const char *[]){"estimators=5"}, 1, table, "price", NULL, &model) == LEARNERS_OK);
  check(learners_predict(model, table, NULL, predictions, ROWS) == LEARNERS_OK);
  check(largest_difference(predictions, target, ROWS) < 1);
  char *json = NULL;
  check(learners_model_describe(model, &json) == LEARNERS_OK);
  check(strstr(json, "\"levels\":[\"brick\",\"stone\",\"wood\"]") != NULL);
  learners_text_free(json);
  double code = 1.5, found;
  refused(LEARNERS_BAD_DATA, "column wall holds categories", learners_predict_matrix(model, LEARNERS_FLOAT64, &code, 1, 1, 8, 8, &found));
  learners_model_free(model);
  learners_table_free(table);
}

static int32_t never(void *context, const char *stage, double fraction) {
  (void)stage, (void)fraction;
  ++*(int *)context;
  return 1;
}

static void a_fit_can_be_ended(const learners_table *table) {
  int calls = 0;
  learners_options options = {.size = sizeof options, .progress = never, .context = &calls};
  learners_model *model = NULL;
  refused(LEARNERS_CANCELLED, "ended", learners_fit("forest", (const char *[]){"estimators=1000000"}, 1, table, "y", &options, &model));
  check(calls == 1 && model == NULL);
  learners_comparison *comparison = NULL;
  refused(LEARNERS_CANCELLED, "ended", learners_compare("forest", (const char *[]){"forest.estimators=1000000"}, 1, table, "y", NULL, 5, &options, &comparison));
}

static void models_are_compared(const learners_table *table) {
  learners_comparison *comparison = NULL;
  check(learners_compare("mean,ridge", (const char *[]){"ridge.alpha=0.1,1"}, 1, table, "y", NULL, 4, NULL, &comparison) == LEARNERS_OK);
  char *json = NULL;
  check(learners_comparison_describe(comparison, &json) == LEARNERS_OK);
  check(strstr(json, "\"best\":\"ridge\"") != NULL);
  learners_text_free(json);
  double held_out[ROWS], error = 0;
  check(learners_comparison_predictions(comparison, 1, held_out, ROWS) == LEARNERS_OK);
  for (int row = 0; row < ROWS; row++) error += fabs(held_out[row] - y[row]) / ROWS;
  check(error < 0.1);
  learners_model *best = NULL, *none = NULL;
  check(learners_comparison_model(comparison, 1, &best) == LEARNERS_OK);
  refused(LEARNERS_BAD_ARGUMENT, "place 2", learners_comparison_model(comparison, 2, &none));
  double low[ROWS], high[ROWS];
  check(learners_predict_interval(best, table, 0.8, low, high, ROWS) == LEARNERS_OK);
  int inside = 0;
  for (int row = 0; row < ROWS; row++) inside += low[row] <= y[row] && y[row] <= high[row];
  check(inside > 0.7 * ROWS);
  refused(LEARNERS_BAD_ARGUMENT, "no share", learners_predict_interval(best, table, 1.5, low, high, ROWS));
  learners_comparison_free(comparison);
  check(learners_predict(best, table, NULL, held_out, ROWS) == LEARNERS_OK);
  learners_model_free(best);
}

/// The mean of what was learned from tells which rows these were.
static void rows_are_held_out_as_they_belong_together(void) {
  double side[ROWS], held_out[ROWS];
  for (int row = 0; row < ROWS; row++) side[row] = row * 7 % 10;
  learners_table *table = table_of_rows();
  check(learners_table_add_numbers(table, "side", LEARNERS_FLOAT64, side, sizeof(double)) == LEARNERS_OK);
  learners_comparison *comparison = NULL;
  learners_options options = {.size = sizeof options, .target_transform = "none", .groups = "side"};
  check(learners_compare("mean", NULL, 0, table, "y", NULL, 5, &options, &comparison) == LEARNERS_OK);
  check(learners_comparison_predictions(comparison, 0, held_out, ROWS) == LEARNERS_OK);
  for (int row = 0; row < ROWS; row++)
    for (int other = 0; other < row; other++)
      if (side[row] == side[other]) check(held_out[row] == held_out[other]);
  learners_comparison_free(comparison);

  options.groups = NULL, options.time = "side";
  check(learners_compare("mean", NULL, 0, table, "y", NULL, 5, &options, &comparison) == LEARNERS_OK);
  check(learners_comparison_predictions(comparison, 0, held_out, ROWS) == LEARNERS_OK);
  int never = 0;
  double sum = 0, rows = 0;
  for (int row = 0; row < ROWS; row++) never += isnan(held_out[row]);
  for (int row = 0; row < ROWS; row++)
    if (isnan(held_out[row])) sum += y[row], rows++;
  check(never > 0 && never < ROWS);
  // The first stretch that is held out was predicted by the rows before it, and by no others.
  int found = 0;
  for (int row = 0; row < ROWS; row++) found += fabs(held_out[row] - sum / rows) < 1e-9;
  check(found > 0);
  learners_comparison_free(comparison);

  comparison = NULL;
  options.groups = "side";
  refused(LEARNERS_BAD_ARGUMENT, "by their groups or by their time", learners_compare("mean", NULL, 0, table, "y", NULL, 5, &options, &comparison));
  options.time = NULL;
  refused(LEARNERS_BAD_ARGUMENT, "groups", learners_compare("mean", NULL, 0, table, "y", NULL, 50, &options, &comparison));
  check(comparison == NULL);
  learners_table_free(table);
}

/// Folds that are dealt several times, and means of the models of the folds.
static void folds_are_dealt_anew_and_their_models_averaged(learners_table *table) {
  learners_comparison *comparison = NULL;
  learners_options options = {.size = sizeof options, .target_transform = "none", .repeats = 2, .flags = LEARNERS_BAG};
  check(learners_compare("mean", NULL, 0, table, "y", NULL, 4, &options, &comparison) == LEARNERS_OK);
  char *json = NULL;
  check(learners_comparison_describe(comparison, &json) == LEARNERS_OK);
  check(strstr(json, "\"repeats\":2") != NULL && strstr(json, "\"is_bag\":true") != NULL && strstr(json, "\"best\":\"mean\"") != NULL);
  learners_text_free(json);
  // Of folds of one size the mean of all means of training parts is that of all rows.
  double predicted[ROWS], mean = 0;
  for (int row = 0; row < ROWS; row++) mean += y[row] / ROWS;
  learners_model *bag = NULL;
  check(learners_comparison_model(comparison, 0, &bag) == LEARNERS_OK);
  check(learners_predict(bag, table, NULL, predicted, ROWS) == LEARNERS_OK);
  check(fabs(predicted[0] - mean) < 1e-6 * (1 + fabs(mean)));
  learners_model_free(bag);
  learners_comparison_free(comparison);

  comparison = NULL;
  int32_t folds[ROWS];
  for (int row = 0; row < ROWS; row++) folds[row] = row % 2;
  refused(LEARNERS_BAD_ARGUMENT, "dealt anew", learners_compare("mean", NULL, 0, table, "y", folds, 0, &options, &comparison));
  options.repeats = -1;
  refused(LEARNERS_BAD_ARGUMENT, "repeats is -1", learners_compare("mean", NULL, 0, table, "y", NULL, 4, &options, &comparison));
  check(comparison == NULL);
}

static void misuse_is_answered(learners_table *table) {
  learners_model *model = NULL;
  double numbers[ROWS];
  refused(LEARNERS_BAD_ARGUMENT, "no learner is called magic", learners_fit("magic", NULL, 0, table, "y", NULL, &model));
  refused(LEARNERS_BAD_ARGUMENT, "learner is NULL", learners_fit(NULL, NULL, 0, table, "y", NULL, &model));
  refused(LEARNERS_BAD_ARGUMENT, "learner is not UTF-8", learners_fit("\xff", NULL, 0, table, "y", NULL, &model));
  refused(LEARNERS_BAD_ARGUMENT, "model is NULL", learners_fit("ridge", NULL, 0, table, "y", NULL, NULL));
  refused(LEARNERS_BAD_ARGUMENT, "table is NULL", learners_fit("ridge", NULL, 0, NULL, "y", NULL, &model));
  refused(LEARNERS_BAD_DATA, "no column z", learners_fit("ridge", NULL, 0, table, "z", NULL, &model));
  refused(LEARNERS_BAD_ARGUMENT, "alpha = -1", learners_fit("ridge", (const char *[]){"alpha=-1"}, 1, table, "y", NULL, &model));
  refused(LEARNERS_BAD_ARGUMENT, "no parameter is called beta", learners_fit("ridge", (const char *[]){"beta=1"}, 1, table, "y", NULL, &model));
  refused(LEARNERS_BAD_ARGUMENT, "name=value", learners_fit("ridge", (const char *[]){"alpha"}, 1, table, "y", NULL, &model));
  refused(LEARNERS_BAD_ARGUMENT, "settings is NULL", learners_fit("ridge", NULL, 2, table, "y", NULL, &model));
  refused(LEARNERS_BAD_ARGUMENT, "gamma does nothing", learners_fit("svr", (const char *[]){"kernel=linear", "gamma=1"}, 2, table, "y", NULL, &model));
  learners_options options = {.size = 8};
  refused(LEARNERS_BAD_ARGUMENT, "options.size", learners_fit("ridge", NULL, 0, table, "y", &options, &model));
  options = (learners_options){.size = sizeof options, .target_transform = "sqrt"};
  refused(LEARNERS_BAD_ARGUMENT, "target_transform sqrt", learners_fit("ridge", NULL, 0, table, "y", &options, &model));
  options = (learners_options){.size = sizeof options, .flags = 1024};
  refused(LEARNERS_BAD_ARGUMENT, "flags", learners_fit("ridge", NULL, 0, table, "y", &options, &model));
  check(model == NULL);

  refused(LEARNERS_BAD_ARGUMENT, "rows", learners_table_create(-1, &table));
  refused(LEARNERS_BAD_ARGUMENT, "type 7", learners_table_add_numbers(table, "a", 7, y, 8));
  refused(LEARNERS_BAD_ARGUMENT, "name is NULL", learners_table_add_numbers(table, NULL, LEARNERS_FLOAT64, y, 8));
  refused(LEARNERS_BAD_ARGUMENT, "values is NULL", learners_table_add_numbers(table, "a", LEARNERS_FLOAT64, NULL, 8));
  refused(LEARNERS_BAD_ARGUMENT, "strides", learners_table_add_numbers(table, "a", LEARNERS_FLOAT64, y, INT64_MIN));
  refused(LEARNERS_BAD_ARGUMENT, "columns", learners_table_add_matrix(table, NULL, LEARNERS_FLOAT64, x, INT64_MAX, 8, 8));
  refused(LEARNERS_BAD_ARGUMENT, "two levels", learners_table_add_categories(table, "a", (int32_t[ROWS]){0}, (const char *[]){"b", "b"}, 2, 0));
  double infinite[ROWS] = {[5] = INFINITY};
  refused(LEARNERS_BAD_DATA, "row 5, column 0 is infinite", learners_table_add_numbers(table, "a", LEARNERS_FLOAT64, infinite, 8));

  check(learners_fit("ridge", NULL, 0, table, "y", NULL, &model) == LEARNERS_OK);
  refused(LEARNERS_BAD_ARGUMENT, "room for 3", learners_predict(model, table, NULL, numbers, 3));
  refused(LEARNERS_BAD_ARGUMENT, "predictions is NULL", learners_predict(model, table, NULL, NULL, ROWS));
  refused(LEARNERS_BAD_ARGUMENT, "statistic mode", learners_predict(model, table, "mode", numbers, ROWS));
  refused(LEARNERS_BAD_ARGUMENT, "3 features", learners_predict_matrix(model, LEARNERS_FLOAT64, x, 1, 2, 8, 8, numbers));
  refused(LEARNERS_BAD_ARGUMENT, "several quantiles", learners_predict_quantiles(model, table, numbers, ROWS));
  check(learners_predict_matrix(model, LEARNERS_FLOAT64, NULL, 0, COLUMNS, 8, 8, NULL) == LEARNERS_OK);
  refused(LEARNERS_CANNOT_WRITE, "/no/such/folder", learners_model_save(model, "/no/such/folder/model.safetensors"));
  learners_model *read = NULL;
  refused(LEARNERS_NO_INPUT, "no such file", learners_model_load("/no/such/model", &read));
  refused(LEARNERS_BAD_DATA, "no model", learners_model_decode((const uint8_t *)"nonsense", 8, &read));
  refused(LEARNERS_BAD_ARGUMENT, "negative", learners_model_decode(NULL, -1, &read));
  refused(LEARNERS_BAD_ARGUMENT, "threads", learners_set_threads(0));
  learners_model_free(model);
  learners_model_free(NULL);
  learners_table_free(NULL);
  learners_comparison_free(NULL);
  learners_text_free(NULL);
  learners_bytes_free(NULL);

  learners_table *empty = NULL;
  check(learners_table_create(0, &empty) == LEARNERS_OK);
  check(learners_table_add_numbers(empty, "y", LEARNERS_FLOAT64, NULL, 8) == LEARNERS_OK);
  refused(LEARNERS_BAD_DATA, "no rows", learners_fit("ridge", NULL, 0, empty, "y", NULL, &model));
  learners_table_free(empty);
}

static void a_child_works_on(const learners_table *table) {
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    learners_model *model = NULL;
    double predictions[ROWS];
    int holds = learners_fit("forest", (const char *[]){"estimators=20"}, 1, table, "y", NULL, &model) == LEARNERS_OK &&
                learners_predict(model, table, NULL, predictions, ROWS) == LEARNERS_OK;
    _exit(holds ? 0 : 1);
  }
  int status = -1;
  check(waitpid(child, &status, 0) == child && status == 0);
}

int main(void) {
  make_rows();
  learners_table *table = table_of_rows();
  check(strcmp(learners_version(), LEARNERS_VERSION) == 0);
  char *json = NULL;
  check(learners_info(&json) == LEARNERS_OK && strstr(json, "\"name\":\"ridge\"") != NULL);
  learners_text_free(json);
  every_learner_keeps_its_bits(table);
  a_weight_is_so_many_copies();
  every_learner_is_exported(table);
  layouts_of_memory_are_the_same_to_it(table);
  categories_and_gaps_are_learned_from();
  models_are_compared(table);
  rows_are_held_out_as_they_belong_together();
  folds_are_dealt_anew_and_their_models_averaged(table);
  misuse_is_answered(table);
  a_fit_can_be_ended(table);
  a_child_works_on(table);
  learners_table_free(table);
  printf(failures == 0 ? "the C interface keeps its promises\n" : "%d checks failed\n", failures);
  return failures != 0;
}
