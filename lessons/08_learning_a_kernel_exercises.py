# %% [markdown]
# # 08 · Learning a kernel: exercises
#
# Three exercises: the gradient of a kernel, the loop that learns it, and the check that tells whether a gradient is right;
# each check names the mistake, if there is one.
#
# **You will be able to** compute the gradient of a loss with respect to a kernel, learn a kernel from an image and a response,
# and test any gradient without knowing its formula.
#
# **You need**: lesson 08. **Time**: 50 minutes

# %%
import numpy as np

from course_utils import check, correlate2d, hint, kernel, load_image
from course_utils import plots, progress, solution

# %% [markdown]
# ## 8.1 ★★ The gradient of a kernel (15 minutes)
#
# Write `kernel_gradient`: how the loss changes with each weight. `upstream` says how it changes with each response, one number for each
# place of the kernel. Weight [i, j] meets, while the kernel slides, the pixels of a window that starts at [i, j] and is as large as
# `upstream`; its gradient is the sum of these pixels times `upstream`.
#
# Example, with a pencil: for the arrays below, the gradient of weight [0, 0] is 1 · 0.5 + 2 · 1.5 + 0 · 0 + 1 · 0.5 = 4. What are the
# other three?

# %%
image = np.array([[1, 2, 0], [0, 1, 3], [2, 0, 1]])
upstream = np.array([[0.5, 1.5], [0, 0.5]])
plots.show(
    image,
    upstream,
    titles=("image", "upstream"),
    kind="positive",
    caption="Upstream fits at 2 x 2 places: the kernel has 2 x 2 weights.",
)


# %%
def kernel_gradient(image, upstream):
    """Return the gradient of each weight of the kernel, shape (H - H' + 1, W - W' + 1).

    image has shape (H, W), upstream (H', W'), the shape of the response.
    """
    ### BEGIN SOLUTION
    rows = image.shape[0] - upstream.shape[0] + 1
    columns = image.shape[1] - upstream.shape[1] + 1
    gradient = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            window = image[
                row : row + upstream.shape[0], column : column + upstream.shape[1]
            ]
            gradient[row, column] = np.sum(window * upstream)
    return gradient
    ### END SOLUTION


# %% [markdown]
# Were your other three 2.5 and, below them, 1.5 and 5.5?

# %%
print(kernel_gradient(image, upstream))

# %%
check("8.1", kernel_gradient)

# %% [markdown]
# <!-- hints 8.1 -->

# %% [markdown] tags=["solution"]
# **Analysis.** It is the loop of exercise 2.2 with `upstream` in the place of the kernel: the window is large and its places are few.
# Nothing is turned, because the response came from a kernel that was not turned: weight [0, 0] meets the top left pixels.

# %% [markdown]
# ## 8.2 ★★★ Learn a kernel (20 minutes)
#
# Write `learn_kernel`. Given are an image and a target, the response of an unknown kernel of `size` × `size` weights (valid correlation). Find
# the kernel by gradient descent: `steps` steps, each subtracts `learning_rate` times the gradient of the loss. The loss is the
# **mean of the squared differences** between response and target. Start where you like, zeros or noise. You may use your
# `kernel_gradient` and the course's `correlate2d`.
#
# Example: one step by hand is lesson 08's: from `[[1, 0], [0, 0]]` with rate 0.1 to `[[0.6, −0.25], [−0.15, −0.55]]`.


# %%
def learn_kernel(image, target, size, steps, learning_rate):
    """Return the kernel, shape (size, size), whose valid correlation with the image gives the target."""
    ### BEGIN SOLUTION
    kernel = np.zeros((size, size))
    for _ in range(steps):
        difference = correlate2d(image, kernel) - target
        upstream = 2 * difference / difference.size
        kernel = kernel - learning_rate * kernel_gradient(image, upstream)
    return kernel
    ### END SOLUTION


# %% [markdown]
# The kernel of lesson 02 made the target below, and should come back from it: −1, 0, −2 in its top row.

# %%
noise = np.random.default_rng(8).normal(0, 1, (10, 14)).round(1)
hidden = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])
learned = learn_kernel(noise, correlate2d(noise, hidden), 3, 100, 0.3)
print(learned if learned is None else learned.round(3) + 0.0)

# %%
check("8.2", learn_kernel)

# %% [markdown]
# <!-- hints 8.2 -->

# %% [markdown]
# Now a target that no kernel makes: the magnitude of the Sobel gradient on ascent. **Predict** before you look: will the best nine
# weights be a blur, an edge, or neither?

# %%
ascent = load_image("ascent")[::4, ::4]
pixels = (ascent - ascent.mean()) / ascent.std()
sobel_x = kernel("sobel_x").weights
strength = np.hypot(correlate2d(pixels, sobel_x), correlate2d(pixels, sobel_x.T))
best = learn_kernel(pixels, strength, 3, 100, 0.1)
plots.show_yours(
    "8.2",
    strength,
    *([None] if best is None else [best.round(2), correlate2d(pixels, best)]),
    titles=("target: magnitude", "learned", "its response"),
    kind=("positive", "signed", "signed"),
    caption="The best nine weights for a task that nine weights cannot do.",
)

# %% [markdown] tags=["solution"]
# **Analysis.** Response, difference, upstream, gradient, step: five lines. The 2 and the division by the number of cells belong to the
# mean of squares; without the division a step is about a hundred times too long here, and the loss explodes. On the magnitude, the loss stays at
# 15.2, more than the 9.4 of the best constant: the magnitude does not change when all signs of the image do, and a response does. Lesson 07 got
# an absolute value from two kernels, ReLU and a sum.

# %% [markdown]
# ## 8.3 ★★ A gradient without a formula (15 minutes)
#
# Write `numeric_gradient`: for each number of `x`, an array of floats of any shape, move it up and down by `step` while all others stay, and return
# (f(x moved up) − f(x moved down)) / (2 · step). `x` must come back as it was.
#
# Example: f(x) = x₀² · x₁ at x = [3, 2] with step 0.5. For x₀: (3.5² · 2 − 2.5² · 2) / 1 = 12. For x₁: (9 · 2.5 − 9 · 1.5) / 1 = 9.


# %%
def numeric_gradient(f, x, step):
    """Return the central differences of f at x, in an array of the shape of x.

    f takes an array of the shape of x and returns one number.
    """
    ### BEGIN SOLUTION
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        gradient[place] = (f(up) - f(down)) / (2 * step)
    return gradient
    ### END SOLUTION


# %%
print(numeric_gradient(lambda x: x[0] ** 2 * x[1], np.array([3.0, 2.0]), 0.5))

# %%
check("8.3", numeric_gradient)

# %% [markdown]
# <!-- hints 8.3 -->

# %% [markdown]
# Use it on your own gradient of 8.1: a loss with the target `[[0, −1], [0, 0]]`, at the kernel `[[1, 0], [0, 0]]`. Which four numbers should
# appear?


# %%
def loss(weights):
    return np.mean((correlate2d(image, weights) - np.array([[0, -1], [0, 0]])) ** 2)


print(numeric_gradient(loss, np.array([[1.0, 0], [0, 0]]), 0.01))

# %% [markdown] tags=["solution"]
# **Analysis.** Copies keep `x` as it is; `np.ndindex` visits each place of any shape. The points lie 2 · step apart, and the brackets around
# `2 * step` matter. For the last cell: 4, 2.5, 1.5 and 5.5, up to rounding, the numbers of 8.1. Two ways that share no line of code agree: that is
# what makes it a check.

# %% [markdown]
# ## Where you are
#
# Your tries and what you solved are kept on this machine only.

# %%
progress()
