"""Other ways to tell labels, by scikit-learn, beside tools/bench/labels/run.sh. Usage: peers.py FOLDER

Prints what share of the test part is right and the seconds of training, one core. Settings are chosen by cross-validation
on blocks of rows of the learning part (for vowel a block is a speaker); readings have mean 0 and deviation 1.
"""
import os
import sys
import time
import warnings

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import GridSearchCV, KFold  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402
from sklearn.svm import SVC  # noqa: E402

from label_sets import SEEDS, sets  # noqa: E402

warnings.filterwarnings("ignore")


def best(model, grid, learn, folds):
    search = GridSearchCV(make_pipeline(StandardScaler(), model), grid, cv=KFold(folds))
    return search.fit(*learn).best_params_


def measure(name, model, grid, learn, test, folds, seeds):
    settings = best(model, grid, learn, folds)
    right, seconds = [], []
    for seed in seeds:
        trained = make_pipeline(StandardScaler(), model).set_params(**settings)
        if "random_state" in model.get_params():
            trained.steps[-1][1].set_params(random_state=seed)
        begin = time.process_time()
        trained.fit(*learn)
        seconds.append(time.process_time() - begin)
        right.append(100 * trained.score(*test))
    print(f"| {name} | {np.mean(right):.1f} | {min(right):.1f} to {max(right):.1f} | {np.mean(seconds):.2f} | {settings} |", flush=True)


print("| set, model | right, % | least to largest | seconds | settings |")
print("|---|---|---|---|---|")
for name, learn, test in sets(sys.argv[1]):
    folds = 8 if name == "vowel" else 5
    measure(f"{name}, logistic regression", LogisticRegression(max_iter=2000),
            {"logisticregression__C": [0.01, 0.1, 1, 10]}, learn, test, folds, [1])
    measure(f"{name}, SVM with RBF", SVC(), {"svc__C": [1, 10, 100], "svc__gamma": ["scale", 0.01, 0.1]},
            learn, test, folds, [1])
    measure(f"{name}, MLP of 32", MLPClassifier([32], max_iter=500, random_state=1),
            {"mlpclassifier__alpha": [0.0001, 0.01, 1]}, learn, test, folds, SEEDS)
