# %% [markdown]
# # 00 · Start here
#
# Run your first cells, find the edges of a staircase in three lines, and see that this machine has all the course needs.
#
# **You will be able to** run and change a cell, restart a notebook that has gone wrong, and tell what this machine can do.
#
# **You need**: a little Python (variables, lists, functions); no machine learning. **Time**: 15 minutes

# %% [markdown]
# ## How do I run a cell?
#
# A notebook is a row of *cells*: text like this one, and code like the next one. Click into the code and press
# **Shift + Enter**: the cell runs, its output appears below it, and the next cell is selected.
#
# Start with the set-up cell above; on your own machine it does nothing. Then say what the next cell prints, and run it.

# %% tags=["nbval-check-output"]
pixel = 200
print(pixel + 100)
# > 300

# %% [markdown]
# It prints 300, as Python's numbers always do. In lesson 01 the same sum gives 44, because there the 200 is stored
# the way a picture stores it.
#
# **Try it**: change 200 to a number of yours and run the cell again. A cell may be run as often as you like.

# %% [markdown]
# ## What can three lines do?
#
# The course brings a picture of a staircase. The cell below looks at each pixel together with its eight neighbours, and
# asks: how fast does it get brighter here?
#
# Before you run it: which will be bright on the right, the grey sky or the railings?

# %%
from course_utils import load_image, plots, sobel

titles = ("the picture", "its edges")
caption = "Right: white where brightness changes. Each value comes from nine pixels."

# %%
image = load_image("ascent")
edges = sobel(image).magnitude
plots.show(image, edges, titles=titles, limit=500, caption=caption)

# %% [markdown]
# The railings and the frame are white, the even sky is black: where nothing changes there is no edge. Nobody told the
# computer what a railing is. It multiplied nine pixels by nine numbers, added up, and moved on; once for changes across, once
# for changes down.
#
# That is *convolution*, the subject of this course. In lesson 04 you write this filter yourself. How large is its
# output, compared with the picture?

# %% tags=["nbval-check-output"]
print(image.shape, edges.shape)
# > (512, 512) (510, 510)

# %% [markdown]
# Two rows and two columns are gone. Lesson 02 tells where they went, and lesson 05 how to keep them.

# %% [markdown]
# ## What if a notebook goes wrong?
#
# A notebook remembers. The program that runs your cells, the *kernel*, keeps every variable until it is restarted, in the
# order in which *you* ran the cells. (The course soon uses the word kernel for something else: the numbers of a filter.)
#
# Run the next cell once. What does it print if you run it again?

# %% tags=["nbval-check-output"]
pixel = pixel + 1
print(pixel)
# > 201

# %% [markdown]
# <details><summary>Answer</summary>
#
# 202, then 203, and so on: each run starts from what the last one left. The text of the cell is the same each time;
# what the notebook remembers is not.
#
# </details>

# %% [markdown]
# When results make no sense, start afresh: the cells stay, the memory goes.
#
# | | JupyterLab | Colab |
# |---|---|---|
# | Stop a cell | Kernel → Interrupt Kernel | Runtime → Interrupt execution |
# | Start afresh | Kernel → Restart Kernel… | Runtime → Restart session |
# | Run everything | Run → Run All Cells | Runtime → Run all |

# %% [markdown]
# An error message is a help: read its **last** line first, which says what went wrong; the arrow above it shows where.
#
# You cannot break the course. To keep the original, duplicate a notebook before you change it: in JupyterLab with a right
# click on its name and Duplicate, in Colab with File → Save a copy in Drive.
#
# **Try it**: write `print(pixle)` into a cell, run it, and read the last line.

# %% [markdown]
# ## How do I know that my answer is right?
#
# Exercises live beside each lesson, in a notebook of the same name in the folder `exercises`. There you write a function and
# a check judges it. Suppose the task is: *return the array with 1 added, and leave the original as it is.*
#
# Here is somebody's answer. What is wrong with it? Decide, then run.

# %% tags=["nbval-check-output"]
import numpy as np


def add_one(a):
    a += 1
    return a


numbers = np.array([1, 2, 3])
print(add_one(numbers), numbers)
# > [2 3 4] [2 3 4]

# %% [markdown]
# The returned numbers are right, but the original has changed as well: `+=` works *in place*, on the array that came in.
# "Wrong" would not help here. The check tries your function on fresh inputs, and if the result is off it looks for the
# mistake that explains it, and names it: *your function changes its input*.

# %% [markdown]
# In the exercise notebooks you will meet four helpers, always by the number of the exercise:
#
# | You write | You get |
# |---|---|
# | `check("0.1", add_one)` | right or not, and which mistake was made |
# | `hint("0.1")` | a push in the right direction |
# | `solution("0.1")` | a solution with an explanation |
# | `progress()` | what you have solved so far |
#
# A check is feedback, never a mark. No lesson waits for a solved exercise.

# %% [markdown]
# ## What can this machine do?
#
# Most lessons need NumPy, Matplotlib, SciPy and OpenCV, which came with the course. Keras, with TensorFlow
# behind it, enters in lesson 07. It is large, so it may be missing so far. Which of these do you expect to have?

# %%
import sys
from importlib.metadata import PackageNotFoundError, version

print(f"{'Python':24}{sys.version.split()[0]}")
packages = "numpy matplotlib scipy opencv-python-headless ipywidgets anywidget"
for package in [*packages.split(), "tensorflow", "keras"]:
    try:
        print(f"{package:24}{version(package)}")
    except PackageNotFoundError:
        print(f"{package:24}missing: run  %pip install {package}  and restart")

# %% [markdown]
# Each line shows a version; this reads labels only, and starts nothing. The course wants Python 3.11, 3.12 or 3.13.
# If a line says *missing*, type the command it shows into a new cell, run it, and restart. TensorFlow
# brings Keras along; lessons 00 to 06 run without them, so there is no hurry. No lesson needs a graphics card.

# %% [markdown]
# ## Is the data here?
#
# In lesson 09 a network learns from *Fashion-MNIST*: small grey pictures of clothes. A sample of it comes with the
# course. Guess how many pictures its five megabytes hold: hundreds or thousands?

# %% tags=["nbval-check-output"]
from course_utils import load_fashion_mnist

data = load_fashion_mnist()
print(data.train_images.shape, data.test_images.shape)
# > (10000, 28, 28) (2000, 28, 28)

# %% [markdown]
# Thousands: 10,000 pictures to learn from and 2,000 to test with, each of 28 rows and 28 columns. You will build the
# network that names them. Would you get these six right?

# %%
names = [data.class_names[label] for label in data.test_labels[:6]]
caption = "The first six test images, each under its true class."
plots.show_images(data.test_images[:6], names, caption=caption)

# %% [markdown]
# The full set has 70,000 pictures and is a matter of choice: a network has more to learn from, and takes longer.
# The next cell looks for it in the places where the course would look, and downloads nothing.

# %%
import os
from pathlib import Path

keras_home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
places = [keras_home / "datasets" / "fashion-mnist"]
places.append(Path("/usr/share/datasets/fashion-mnist"))
if os.environ.get("COURSE_DATA"):
    places.append(Path(os.environ["COURSE_DATA"]))
found = [folder for folder in places if len(list(folder.glob("*-ubyte.gz"))) == 4]
if found:
    print(f"The full set is at hand: {found[-1]}")
else:
    print("The full set is not on this machine. The sample does for every lesson.")
    print('To download it, with Keras and a network:  load_fashion_mnist("full")')

# %% [markdown]
# ## What does each lesson give me?
#
# <!-- list of lessons -->
#
# Each idea comes four times: as a picture, with numbers you can do by hand, in NumPy, and in Keras. The lessons take between
# eight and nine hours; exercises come on top.

# %% [markdown]
# ## Where do I begin?
#
# Which of these is you?
#
# - **All of this is new**: take the lessons in order, one or two a day.
# - **Little time**: 01, 02, 04, 06, 07 and 09 tell the whole story in under five hours.
# - **Slices and dtypes are old friends**: skim 01, do its exercises, start at 02.
# - **You know filters, but not networks**: start at 07 and look back where needed.
#
# Wherever you start: predict first, then run. A wrong guess teaches more than a quick look.

# %% [markdown]
# ## Summary
#
# You ran and changed cells, saw that a notebook remembers, and know how to restart it. You read which versions and which
# data are on this machine. And in three lines you found the edges of a staircase, with little more than sums of products:
# *multiply, add, move on* is the one formula to keep.

# %% [markdown]
# ## Five questions
#
# Each choice explains itself. Where the quiz cannot be clicked, answer with letters as its last line shows.

# %%
from course_utils import quiz

quiz("00")

# %% [markdown]
# ## Next
#
# What is a picture, before anything is done to it? A table of numbers, with traps of its own.
