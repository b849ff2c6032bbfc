using System.Security.Cryptography;
using ThinDeployer.Machines;

namespace ThinDeployer.Tests.Machines;

public sealed class MachineKeysTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly Message Hello = new() { Joined = new Joined("web-1") };

    private readonly MachineKeys _keys = MachineKeys.From([
        .. Enumerable.Range(0, MachineKeys.Length).Select(i => (byte)i),
    ]);

    [Fact]
    public void Both_sides_of_an_agreement_have_the_same_keys()
    {
        using var front = JoinKey.New();
        using var machine = JoinKey.New();

        var atFront = MachineKeys.From(front.AgreeWith(machine.Public)!);
        var atMachine = MachineKeys.From(machine.AgreeWith(front.Public)!);

        Assert.Equal(atFront.Password, atMachine.Password);
        Assert.Equal(Hello, atMachine.Orders.Open(atFront.Orders.Seal(Hello, "one", Now)));
        Assert.Equal(Hello, atFront.Reports.Open(atMachine.Reports.Seal(Hello, "one", Now)));
    }

    [Fact]
    public void A_pair_that_was_kept_comes_to_the_same_secret()
    {
        using var front = JoinKey.New();
        using var machine = JoinKey.New();
        using var kept = JoinKey.OfPrivate(machine.Private)!;

        Assert.Equal(machine.Public, kept.Public);
        Assert.Equal(front.AgreeWith(machine.Public), kept.AgreeWith(front.Public));
        Assert.Equal(MachineKeys.Length, kept.AgreeWith(front.Public)!.Length);
    }

    /// <summary>Both sides may be of different versions: what they derive must not change by itself.</summary>
    [Fact]
    public void What_is_derived_stays_the_same()
    {
        Assert.Equal("eG7UmYPcRqeqAlDM7LPAtC9YS1Ki1THu572rK0T8pus", _keys.Password);
        Assert.Equal("v1,8w7h3kk/nDPxLoXd/DsOS8Ioy9m5g9eVeal2er5BAX4=", _keys.Orders.Seal(Hello, "one", Now).Signature);
    }

    [Fact]
    public void No_two_of_what_is_derived_are_the_same()
    {
        byte[] secret = [.. Enumerable.Range(0, MachineKeys.Length).Select(i => (byte)i)];

        Assert.NotEqual(_keys.Password, MachineKeys.FirstPasswordOf(secret));
        Assert.NotEqual(
            _keys.Orders.Seal(Hello, "one", Now).Signature,
            _keys.Reports.Seal(Hello, "one", Now).Signature
        );
    }

    [Fact]
    public void An_order_that_is_sent_back_is_no_report()
    {
        var order = _keys.Orders.Seal(Hello, "one", Now);

        Assert.Null(_keys.Reports.Open(order));
        Assert.Equal(Hello, _keys.Orders.Open(order));
    }

    [Fact]
    public void An_order_is_signed_however_long_it_lay()
    {
        var order = _keys.Orders.Seal(Hello, "one", Now.AddYears(-1));

        Assert.Equal(Hello, _keys.Orders.Open(order));
    }

    [Fact]
    public void Whatever_is_changed_is_not_signed()
    {
        var order = _keys.Orders.Seal(Hello, "one", Now);
        var other = new Message { Joined = new Joined("web-2") };

        Assert.Null(_keys.Orders.Open(order with { Id = "two" }));
        Assert.Null(_keys.Orders.Open(order with { Id = "" }));
        Assert.Null(_keys.Orders.Open(order with { Timestamp = order.Timestamp + 1 }));
        Assert.Null(_keys.Orders.Open(order with { Body = other.ToJson() }));
        Assert.Null(_keys.Orders.Open(order with { Signature = "" }));
        Assert.Null(_keys.Orders.Open(order with { Signature = "v1," }));
        Assert.Null(_keys.Orders.Open(order with { Signature = order.Signature[..^4] }));
    }

    [Fact]
    public void An_envelope_is_signed_as_a_webhook_is()
    {
        var order = _keys.Orders.Seal(Hello, "one", Now);

        Assert.StartsWith("v1,", order.Signature, StringComparison.Ordinal);
        Assert.Equal(1_800_000_000, order.Timestamp);
    }

    [Fact]
    public void A_key_of_another_curve_is_none()
    {
        using var front = JoinKey.New();
        using var p384 = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);

        Assert.Null(front.AgreeWith(p384.ExportSubjectPublicKeyInfo()));
        Assert.Null(front.AgreeWith(rsa.ExportSubjectPublicKeyInfo()));
        Assert.Null(JoinKey.OfPrivate(p384.ExportPkcs8PrivateKey()));
    }

    [Fact]
    public void A_point_that_is_not_on_the_curve_is_no_key()
    {
        using var front = JoinKey.New();
        using var machine = JoinKey.New();
        var off = machine.Public;
        off[^1] ^= 1;

        Assert.Null(front.AgreeWith(off));
        Assert.Null(front.AgreeWith([.. machine.Public, 0]));
        Assert.Null(front.AgreeWith([]));
    }
}
