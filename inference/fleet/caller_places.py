"""Where a caller probably is, by the number's prefix: E.164 country codes, and area codes in North
America.

A number says where it was issued, which is where most of its calls come from; measured round trips
correct it. Coordinates are those of the largest city, to a tenth of a degree: 10 km is 0.1 ms.
"""

from functools import lru_cache
from math import acos, cos, radians, sin
from typing import Final

from inference.types import Place
from warmline.kernel.withheld import is_withheld

# label | latitude | longitude | area codes of the North American Numbering Plan
_NORTH_AMERICA: Final = """
Alabama|33.5|-86.8|205 251 256 334 659 938
Alaska|61.2|-149.9|907
Alberta|51.0|-114.1|403 587 780 825 368
Arizona|33.4|-112.1|480 520 602 623 928
Arkansas|34.7|-92.3|479 501 870 327
British Columbia|49.3|-123.1|236 250 604 672 778
California, north|37.8|-122.4|209 279 341 350 408 415 510 530 628 650 669 707 831 916 925
California, south|34.1|-118.2|213 310 323 424 442 559 562 619 626 657 661
California, south|34.1|-118.2|714 747 760 805 818 820 840 858 909 949 951
Colorado|39.7|-105.0|303 719 720 970 983
Connecticut|41.3|-72.9|203 475 860 959
Delaware|39.7|-75.5|302
District of Columbia|38.9|-77.0|202 771
Florida|27.9|-82.5|239 305 321 324 352 386 407 448 561 645 656
Florida|27.9|-82.5|689 727 728 754 772 786 813 850 863 904 941 954
Georgia|33.7|-84.4|229 404 470 478 678 706 762 770 912 943
Hawaii|21.3|-157.9|808
Idaho|43.6|-116.2|208 986
Illinois|41.9|-87.6|217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872 861
Indiana|39.8|-86.2|219 260 317 463 574 765 812 930
Iowa|41.6|-93.6|319 515 563 641 712
Kansas|37.7|-97.3|316 620 785 913
Kentucky|38.3|-85.8|270 364 502 606 859
Louisiana|30.0|-90.1|225 318 337 504 985 457
Maine|43.7|-70.3|207
Manitoba|49.9|-97.1|204 431 584
Maryland|39.3|-76.6|227 240 301 410 443 667
Massachusetts|42.4|-71.1|339 351 413 508 617 774 781 857 978
Michigan|42.3|-83.0|231 248 269 313 517 586 616 679 734 810 906 947 989
Minnesota|45.0|-93.3|218 320 507 612 651 763 924 952
Mississippi|32.3|-90.2|228 601 662 769
Missouri|38.6|-90.2|235 314 417 557 573 636 660 816 975
Montana|45.8|-108.5|406
Nebraska|41.3|-95.9|308 402 531
Nevada|36.2|-115.1|702 725 775
New Brunswick|46.1|-64.8|506 428
New Hampshire|43.0|-71.5|603
New Jersey|40.7|-74.2|201 551 609 640 732 848 856 862 908 973
New Mexico|35.1|-106.6|505 575
New York, state|42.9|-76.9|315 363 516 518 585 607 624 631 680 716 838 845 914 934
New York City|40.7|-74.0|212 329 332 347 465 646 718 917 929
Newfoundland|47.6|-52.7|709 879
North Carolina|35.2|-80.8|252 336 472 704 743 828 910 919 980 984
North Dakota|46.9|-96.8|701
Nova Scotia|44.6|-63.6|902 782
Ohio|40.0|-83.0|216 220 234 283 326 330 380 419 436 440 513 567 614 740 937
Oklahoma|35.5|-97.5|405 539 572 580 918
Ontario|43.7|-79.4|226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 905 942
Oregon|45.5|-122.7|458 503 541 971
Pennsylvania|40.0|-75.2|215 223 267 272 412 445 484 570 582 610 717 724 814 835 878
Puerto Rico|18.5|-66.1|787 939
Quebec|45.5|-73.6|263 354 367 418 438 450 468 514 579 581 819 873
Rhode Island|41.8|-71.4|401
Saskatchewan|50.4|-104.6|306 474 639
South Carolina|34.0|-81.0|803 821 839 843 854 864
South Dakota|43.5|-96.7|605
Tennessee|36.2|-86.8|423 615 629 729 731 865 901 931
Texas, north|32.8|-96.8|214 254 325 430 432 469 682 806 817 903 915 940 945 972
Texas, south|29.8|-95.4|210 281 346 361 409 512 621 713 726 737 830 832 936 956 979
Utah|40.8|-111.9|385 435 801
Vermont|44.5|-73.2|802
Virginia|37.5|-77.4|276 434 540 571 686 703 757 804 826 948
Washington|47.6|-122.3|206 253 360 425 509 564
West Virginia|38.3|-81.6|304 681
Wisconsin|43.0|-87.9|262 274 353 414 534 608 715 920
Wyoming|41.1|-104.8|307
Yukon and the territories|60.7|-135.1|867
Bahamas|25.0|-77.4|242
Barbados|13.1|-59.6|246
Bermuda|32.3|-64.8|441
Cayman Islands|19.3|-81.4|345
Dominican Republic|18.5|-69.9|809 829 849
Jamaica|18.0|-76.8|876 658
Trinidad and Tobago|10.7|-61.5|868
Guam|13.4|144.8|671
"""
# label | latitude | longitude | country codes
_COUNTRIES: Final = """
United States and Canada|39.8|-98.6|1
Russia|55.8|37.6|7
Kazakhstan|43.2|76.9|76 77
Egypt|30.0|31.2|20
South Africa|-26.2|28.0|27
Greece|38.0|23.7|30
Netherlands|52.4|4.9|31
Belgium|50.9|4.4|32
France|48.9|2.3|33
Spain|40.4|-3.7|34
Hungary|47.5|19.0|36
Italy|45.5|9.2|39
Romania|44.4|26.1|40
Switzerland|47.4|8.5|41
Austria|48.2|16.4|43
United Kingdom|51.5|-0.1|44
Denmark|55.7|12.6|45
Sweden|59.3|18.1|46
Norway|59.9|10.8|47
Poland|52.2|21.0|48
Germany|50.1|8.7|49
Peru|-12.0|-77.0|51
Mexico|19.4|-99.1|52
Cuba|23.1|-82.4|53
Argentina|-34.6|-58.4|54
Brazil|-23.5|-46.6|55
Chile|-33.4|-70.7|56
Colombia|4.7|-74.1|57
Venezuela|10.5|-66.9|58
Malaysia|3.1|101.7|60
Australia|-33.9|151.2|61
Indonesia|-6.2|106.8|62
Philippines|14.6|121.0|63
New Zealand|-36.8|174.8|64
Singapore|1.3|103.8|65
Thailand|13.8|100.5|66
Japan|35.7|139.7|81
South Korea|37.6|127.0|82
Vietnam|10.8|106.7|84
China|31.2|121.5|86
Turkey|41.0|29.0|90
India|19.1|72.9|91
Pakistan|24.9|67.0|92
Afghanistan|34.5|69.2|93
Sri Lanka|6.9|79.9|94
Myanmar|16.8|96.2|95
Iran|35.7|51.4|98
Morocco|33.6|-7.6|212
Algeria|36.8|3.1|213
Tunisia|36.8|10.2|216
Libya|32.9|13.2|218
West Africa|6.5|3.4|220 221 222 223 224 225 226 227 228 229 230 231 232 233 234
Central Africa|4.0|9.7|235 236 237 238 239 240 241 242 243 244 245
Indian Ocean|-20.2|57.5|248 261 262 269
East Africa|-1.3|36.8|249 250 251 252 253 254 255 256 257
Southern Africa|-15.4|28.3|258 260 263 264 265 266 267 268
Gibraltar|36.1|-5.4|350
Portugal|38.7|-9.1|351
Luxembourg|49.6|6.1|352
Ireland|53.3|-6.3|353
Iceland|64.1|-21.9|354
Albania|41.3|19.8|355
Malta|35.9|14.5|356
Cyprus|35.2|33.4|357
Finland|60.2|24.9|358
Bulgaria|42.7|23.3|359
Lithuania|54.7|25.3|370
Latvia|56.9|24.1|371
Estonia|59.4|24.8|372
Moldova|47.0|28.9|373
Armenia|40.2|44.5|374
Belarus|53.9|27.6|375
Andorra|42.5|1.5|376
Monaco|43.7|7.4|377
San Marino|43.9|12.4|378
Ukraine|50.5|30.5|380
Serbia|44.8|20.5|381
Montenegro|42.4|19.3|382
Kosovo|42.7|21.2|383
Croatia|45.8|16.0|385
Slovenia|46.1|14.5|386
Bosnia and Herzegovina|43.9|18.4|387
North Macedonia|42.0|21.4|389
Czechia|50.1|14.4|420
Slovakia|48.1|17.1|421
Liechtenstein|47.1|9.5|423
Central America|14.6|-90.5|501 502 503 504 505 506 507
Haiti|18.5|-72.3|509
Caribbean|14.6|-61.0|590 594 596 597 599
Bolivia|-17.8|-63.2|591
Guyana|6.8|-58.2|592
Ecuador|-2.2|-79.9|593
Paraguay|-25.3|-57.6|595
Uruguay|-34.9|-56.2|598
Pacific|-18.1|178.4|670 672 673 674 675 676 677 678 679 680 685 686 687 688 689 690 691 692
Hong Kong|22.3|114.2|852
Macao|22.2|113.5|853
Cambodia|11.6|104.9|855
Laos|18.0|102.6|856
Bangladesh|23.8|90.4|880
Taiwan|25.0|121.5|886
Maldives|4.2|73.5|960
Lebanon|33.9|35.5|961
Jordan|32.0|35.9|962
Syria|33.5|36.3|963
Iraq|33.3|44.4|964
Kuwait|29.4|48.0|965
Saudi Arabia|24.7|46.7|966
Yemen|15.4|44.2|967
Oman|23.6|58.4|968
Palestine|31.5|34.5|970
United Arab Emirates|25.2|55.3|971
Israel|32.1|34.8|972
Bahrain|26.2|50.6|973
Qatar|25.3|51.5|974
Bhutan|27.5|89.6|975
Mongolia|47.9|106.9|976
Nepal|27.7|85.3|977
Tajikistan|38.6|68.8|992
Turkmenistan|37.9|58.4|993
Azerbaijan|40.4|49.9|994
Georgia (country)|41.7|44.8|995
Kyrgyzstan|42.9|74.6|996
Uzbekistan|41.3|69.2|998
"""
_LONGEST_PREFIX: Final = 4
_EARTH_KM: Final = 6371.0


def _by_prefix() -> dict[str, Place]:
    by_prefix: dict[str, Place] = {}
    for table, country in ((_COUNTRIES, ""), (_NORTH_AMERICA, "1")):
        for line in table.strip().splitlines():
            label, latitude, longitude, codes = line.split("|")
            place = Place(label, float(latitude), float(longitude))
            by_prefix.update({country + code: place for code in codes.split()})
    return by_prefix


PLACES: Final = _by_prefix()


def prefix_of(number: str) -> str:
    """The longest known prefix of an E.164 number, without its plus.

    Empty for anonymous, `client:` and `sip:`, and for the digits that carriers write for a number
    that is withheld.
    """
    if not number.startswith("+") or is_withheld(number):
        return ""
    for length in range(_LONGEST_PREFIX, 0, -1):
        prefix = number[1 : 1 + length]
        if prefix in PLACES:
            return prefix
    return ""


@lru_cache(maxsize=4096)
def _direction(latitude: float, longitude: float) -> tuple[float, float, float]:
    """From the globe's centre to a point on it, of length 1."""
    phi, theta = radians(latitude), radians(longitude)
    return cos(phi) * cos(theta), cos(phi) * sin(theta), sin(phi)


def distance_km(here: Place, there: Place) -> float:
    """The great-circle distance, by the angle between the two directions."""
    x1, y1, z1 = _direction(here.latitude, here.longitude)
    x2, y2, z2 = _direction(there.latitude, there.longitude)
    return _EARTH_KM * acos(max(-1.0, min(1.0, x1 * x2 + y1 * y2 + z1 * z2)))


def round_trip_ms(here: Place, there: Place) -> float:
    """The usual round trip over that distance.

    Light in fibre on a path half as long again, and 10 ms of access.
    """
    # Light in fibre covers 200 km in a millisecond.
    return 10.0 + 2 * 1.5 * distance_km(here, there) / 200.0
