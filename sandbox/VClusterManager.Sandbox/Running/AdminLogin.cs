using System.Diagnostics;
using System.Security.Cryptography;

namespace VClusterManager.Sandbox.Running;

/// <summary>
/// How the administrator gets in: with a key, and with a password. Both are made at the first start in a folder. The key
/// is kept in it; of the password only the hash, so it is told once.
/// </summary>
/// <param name="TokenSecret">What the manager signs tokens with.</param>
/// <param name="PasswordHash"><see langword="null"/>: there is no manager, so nobody logs in.</param>
/// <param name="NewPassword"><see langword="null"/>: it was told before.</param>
internal sealed record AdminLogin(string Key, string TokenSecret, string? PasswordHash, string? NewPassword)
{
    public const string User = "admin";

    /// <param name="server">The manager's executable, which hashes passwords.</param>
    public static async Task<AdminLogin> OfAsync(string folder, string? server, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var key = Kept(folder, "admin.key", () => "vcm_" + Secret(40));
        var secret = Kept(folder, "token.secret", () => Secret(64));
        if (server is null)
        {
            return new AdminLogin(key, secret, PasswordHash: null, NewPassword: null);
        }
        var file = Path.Combine(folder, "admin.password-hash");
        if (File.Exists(file))
        {
            return new AdminLogin(key, secret, await File.ReadAllTextAsync(file, cancel), NewPassword: null);
        }
        var password = Secret(24);
        var hash = await HashAsync(server, password, cancel);
        PrivateFile.Write(file, hash);
        return new AdminLogin(key, secret, hash, password);
    }

    private static string Kept(string folder, string name, Func<string> make)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file))
        {
            PrivateFile.Write(file, make());
        }
        return File.ReadAllText(file);
    }

    private static string Secret(int digits) => RandomNumberGenerator.GetHexString(digits, lowercase: true);

    private static async Task<string> HashAsync(string server, string password, CancellationToken cancel)
    {
        if (!File.Exists(server))
        {
            throw new SandboxException($"the manager is not built: there is no {server}");
        }
        var start = new ProcessStartInfo(server, "hash-password")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var hashing = Process.Start(start) ?? throw new SandboxException($"{server} could not be started");
        try
        {
            await hashing.StandardInput.WriteLineAsync(password.AsMemory(), cancel);
            hashing.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says more.
        }
        var hash = await hashing.StandardOutput.ReadToEndAsync(cancel);
        await hashing.WaitForExitAsync(cancel);
        return hashing.ExitCode == 0 && !string.IsNullOrWhiteSpace(hash)
            ? hash.Trim()
            : throw new SandboxException($"the manager could not hash a password: exit code {hashing.ExitCode}");
    }
}
