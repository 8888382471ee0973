using System.Text;

namespace VClusterManager.Server.Identity;

/// <summary>
/// The verb <c>hash-password</c>: reads a password, and writes what <c>auth.users</c> keeps of it. Never from an argument,
/// which everybody on the machine can read.
/// </summary>
internal static class HashPassword
{
    public const string Verb = "hash-password";

    private const int Shortest = 8;

    /// <param name="args">What follows the verb.</param>
    /// <param name="input">Where the password comes from; <see langword="null"/>: it is asked for on the terminal.</param>
    /// <returns>The exit code: 0 when all is well, 1 when the password will not do, 2 when it was called wrongly.</returns>
    public static int Run(string[] args, TextReader? input, TextWriter output, TextWriter error)
    {
        if (args.Length > 0)
        {
            error.WriteLine(
                $"usage: vcluster-manager {Verb}   (it asks for the password, or reads a line from its input)"
            );
            return 2;
        }

        var password = input is null ? Ask("Password: ", error) : input.ReadLine() ?? "";
        if (password.Length < Shortest)
        {
            error.WriteLine($"A password has at least {Shortest} characters.");
            return 1;
        }

        if (input is null && Ask("Again: ", error) != password)
        {
            error.WriteLine("These are two passwords.");
            return 1;
        }

        output.WriteLine(PasswordHash.Of(password));
        return 0;
    }

    private static string Ask(string question, TextWriter error)
    {
        error.Write(question);
        StringBuilder typed = new();
        for (
            var key = Console.ReadKey(intercept: true);
            key.Key != ConsoleKey.Enter;
            key = Console.ReadKey(intercept: true)
        )
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        error.WriteLine();
        return typed.ToString();
    }
}
