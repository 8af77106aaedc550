# %% [markdown]
# # 00 · Start here: exercises
#
# One small exercise that shows how all of them work: a task, your code, and a check that names the mistake.
#
# **You will be able to** write an answer, have it checked, read what the check says, and ask for a hint or a solution.
#
# **You need**: lesson 00. **Time**: 10 minutes

# %%
import numpy as np

from course_utils import check, hint, progress, solution

# %% [markdown]
# ## 0.1 ★ Add one (5 minutes)
#
# Write `add_one`: return the array with 1 added to every number, and leave the original as it is. For `[1, 2, 3]` the
# result is `[2, 3, 4]`, and afterwards the array that was passed in still holds `[1, 2, 3]`.
#
# Run the three cells below first, as they are: the check says *not started*. Then put your code in place of the three
# dots and run them again.


# %%
def add_one(a):
    """Return a new array, of the shape of `a`, with 1 added to every number."""
    ### BEGIN SOLUTION
    return a + 1
    ### END SOLUTION


# %%
numbers = np.array([1, 2, 3])
print(add_one(numbers), numbers)

# %%
check("0.1", add_one)

# %% [markdown]
# <!-- hints 0.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** `a + 1` adds 1 to every number and stores the sums in a *new* array. `a += 1` stores them in the old one:
# the same numbers come back, but whoever passed the array in has lost it. A copy, changed and returned, is as good.

# %% [markdown]
# ## A wrong answer, on purpose
#
# The check calls your function several times, with arrays it draws afresh, and compares. Here is the answer from lesson
# 00. It returns the right numbers. What will the check say?


# %%
def by_somebody(a):
    a += 1
    return a


check("0.1", by_somebody)

# %% [markdown]
# Read a verdict from the top:
#
# 1. the sign: ✓ is right, ✗ is not yet, ○ is not started;
# 2. the sentence: the mistake, if it is a known one, and a question that leads on;
# 3. the numbers, where there are some: yours, what is due, the difference; and the call behind them;
# 4. the *seed*: with `check("0.1", add_one, seed=7)` the inputs are the same each time.

# %% [markdown]
# **Try it**: give `by_somebody` other faults, one at a time, and see whether the check finds out. Return `a + 2`. Return
# `[number + 1 for number in a]`. Leave out the `return`. Misspell `a`. Return `np.array([2, 3, 4])`, whatever comes in.
# You cannot break anything.

# %% [markdown]
# ## Stuck?
#
# Each exercise has two hints or more. They are folded away above; `hint` shows the first, and one more each time you run
# the cell.

# %%
hint("0.1")

# %% [markdown]
# `solution` shows one way to solve an exercise. **Try it**: add a cell below this one (select this cell and press
# **B**), write `solution("0.1")`, and run it. In the exercises that follow, first try on your own: what you find yourself,
# you keep. Your answer may look different and be as good; the check looks at results only.

# %% [markdown]
# ## Where you are
#
# Each check of an answer is a try. Your tries and what you solved are kept on this machine only; what is solved stays
# solved, whatever you try afterwards.

# %%
progress()
