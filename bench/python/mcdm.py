"""Times pymcdm and scikit-criteria on the matrices of the mcdm bench: python mcdm.py FOLDER.

Reads FOLDER/task.json and FOLDER/matrices.f64, writes FOLDER/answer.json. Only scoring and ranking is timed: imports,
reading, validation-free conversions and scikit-criteria's DecisionMatrix objects are made before.
"""

import json
import statistics
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pymcdm.methods import SPOTIS, WSM
from skcriteria import mkdm
from skcriteria.agg.simple import WeightedSumModel
from skcriteria.agg.spotis import SPOTIS as SkSPOTIS


def unchanged(column, cost=False):
    """The lightest normalisation pymcdm's WSM can be given: the utilities are in [0, 1] already."""
    return column


def timed(run, problems, rounds):
    """Median over rounds of the mean time for a problem, in µs, and the ranks of every problem."""
    ranks = [[int(rank) for rank in run(problem)] for problem in problems]
    means = []
    for _ in range(rounds):
        start = time.perf_counter_ns()
        for problem in problems:
            run(problem)
        means.append((time.perf_counter_ns() - start) / len(problems) / 1_000)
    return {"us": statistics.median(means), "ranks": ranks}


def read(folder):
    task = json.loads((folder / "task.json").read_text())
    matrices = np.fromfile(folder / "matrices.f64", dtype="<f8")
    matrices = matrices.reshape(len(task["problems"]), task["alternatives"], task["criteria"])
    problems = []
    for matrix, given in zip(matrices, task["problems"]):
        weights, types = np.array(given["weights"]), np.array(given["types"])
        bounds = np.array(given["bounds"], dtype=float)
        low, high = bounds[:, 0], bounds[:, 1]
        share = (matrix - low) / (high - low)
        utilities = np.where(types > 0, share, 1 - share)
        spotis, ones = SPOTIS(bounds), np.ones(len(types))
        problems.append(
            {
                "matrix": matrix,
                "utilities": utilities,
                "weights": weights,
                "types": types,
                "bounds": bounds,
                "ones": ones,
                "spotis": spotis,
                "table": mkdm(matrix, types.tolist(), weights=weights),
                "utility_table": mkdm(utilities, [1] * len(types), weights=weights),
            }
        )
    return problems, task["rounds"]


WEIGHTED_SUM, SK_WEIGHTED_SUM, SK_SPOTIS = WSM(unchanged), WeightedSumModel(), SkSPOTIS()


def pymcdm_spotis(problem, **options):
    method = problem["spotis"]
    return method.rank(method(problem["matrix"], problem["weights"], problem["types"], **options))


def pymcdm_wsm(problem, **options):
    return WEIGHTED_SUM.rank(WEIGHTED_SUM(problem["utilities"], problem["weights"], problem["ones"], **options))


def skcriteria_spotis(problem):
    return SK_SPOTIS.evaluate(problem["table"], bounds=problem["bounds"]).rank_


def skcriteria_wsm(problem):
    return SK_WEIGHTED_SUM.evaluate(problem["utility_table"]).rank_


def bare_numpy(problem):
    """No library: what NumPy itself takes for a weighted sum and its ranks."""
    order = np.argsort(-(problem["utilities"] @ problem["weights"]))
    ranks = np.empty(len(order), dtype=int)
    ranks[order] = np.arange(1, len(order) + 1)
    return ranks


def main():
    folder = Path(sys.argv[1])
    problems, rounds = read(folder)
    unchecked = {"validation": False}
    runs = [
        ("pymcdm", "as called", "spotis", pymcdm_spotis),
        ("pymcdm", "checks off", "spotis", lambda problem: pymcdm_spotis(problem, **unchecked)),
        ("scikit-criteria", "as called", "spotis", skcriteria_spotis),
        ("pymcdm", "as called", "wsm", pymcdm_wsm),
        ("pymcdm", "checks off", "wsm", lambda problem: pymcdm_wsm(problem, **unchecked)),
        ("scikit-criteria", "as called", "wsm", skcriteria_wsm),
        ("numpy", "bare", "wsm", bare_numpy),
    ]
    answer = [
        {"package": package, "version": version(package), "how": how, "method": method, **timed(run, problems, rounds)}
        for package, how, method, run in runs
    ]
    (folder / "answer.json").write_text(json.dumps(answer))


main()
