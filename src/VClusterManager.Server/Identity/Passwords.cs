using VClusterManager.Server.Configuration;

namespace VClusterManager.Server.Identity;

/// <summary>
/// Checks names and passwords. A name that nobody has takes as long as one with a wrong password: a hash of nothing is
/// checked in its place. Hashing is made to be costly, so only a few are at it at once, whoever asks.
/// </summary>
internal sealed class Passwords : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, ConfiguredUser> _users;
    private readonly Lazy<string> _ofNothing;
    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount / 2));

    public Passwords(AuthOptions options)
    {
        _users = options.Users.ToDictionary(user => user.Name, StringComparer.Ordinal);
        _ofNothing = new Lazy<string>(() =>
            options.Users.MaxBy(user => PasswordHash.IterationsOf(user.PasswordHash)) is { } dearest
                ? PasswordHash.LikeButOfNothing(dearest.PasswordHash)
                : PasswordHash.LikeButOfNothing(PasswordHash.Of(""))
        );
    }

    /// <summary>The user; <see langword="null"/>: there is none of that name with that password.</summary>
    /// <exception cref="TimeoutException">Too many want to know at once.</exception>
    public async Task<ConfiguredUser?> CheckAsync(string name, string password, CancellationToken cancellation)
    {
        if (!await _places.WaitAsync(Patience, cancellation))
        {
            throw new TimeoutException("Too many passwords are being checked.");
        }

        try
        {
            var user = _users.GetValueOrDefault(name);
            var ofNothing = _ofNothing.Value;
            var right = await Task.Run(
                () => PasswordHash.Verify(user?.PasswordHash ?? ofNothing, password),
                cancellation
            );
            return right ? user : null;
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
